// What the verify page runs.
import { beginVerifyPage } from "./verify.js";

beginVerifyPage();
