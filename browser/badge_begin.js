// What a page with a badge runs.
import { beginBadges } from "./badge.js";

beginBadges();
