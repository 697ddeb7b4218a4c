// All journeys, and in which dress each is made.
import { expectNothing } from '../lib/cases.mjs';
import { dressPage, nameOfDress, openContext } from '../lib/dress.mjs';
import { watch } from '../lib/watch.mjs';
import { cameraReads } from './camera.mjs';
import { certificateIsVerified } from './certificate.mjs';
import { deliveryFromThePhone } from './delivery.mjs';
import * as desk from './desk.mjs';
import * as donor from './donor.mjs';
import * as proof from './proof.mjs';
import * as visitors from './public.mjs';
import * as security from './security.mjs';
import { suspendedAndGivenBack } from './suspension.mjs';

const dress = (theme, width, language = 'zh-CN') => ({ theme, width, language });
/** Each width and each theme once; more in the long form. */
const PAIRS = [dress('light', 320), dress('dark', 768), dress('elder', 1440), dress('elder', 320), dress('light', 768), dress('dark', 1440)];
const WIDE = [dress('light', 1440)];
const PHONE = [dress('light', 320)];

/** name, journey, who, dresses in the short form, also without scripts. */
const JOURNEYS = [
  ['gives 50 yuan and verifies the proof', donor.givesAndVerifies, 'public', PAIRS.slice(0, 3), true],
  ['keeps the receipt as paper and as a file', donor.keepsTheReceipt, 'public', PHONE, true],
  ['finds the own receipt later', donor.comesBackLater, 'public', PHONE, true],
  ['goes back to look again', donor.goesBackToLookAgain, 'public', PHONE, true],
  ['goes back over a refusal', donor.goesBackOverARefusal, 'public', PHONE, true],
  ['goes back and pays again', donor.goesBackAndPaysAgain, 'public', PHONE, true],
  ['clicks twice', donor.clicksTwice, 'public', PHONE, true],
  ['loses the line', donor.losesTheLine, 'public', PHONE, false],
  ['follows a delivery backward to the gifts', visitors.journalistFollowsBackward, 'public', WIDE, true],
  ['downloads a list', visitors.journalistDownloads, 'public', WIDE, true],
  ['searches as people do', visitors.citizenSearches, 'public', PHONE, true],
  ['asks for a name that nobody has', visitors.citizenAsksForNobody, 'public', PHONE, false],
  ['takes open data', visitors.researcherTakesOpenData, 'public', WIDE, true],
  ['language, large letters are remembered', visitors.wishesAreRemembered, 'public', PHONE, true],
  ['finds out where to complain', visitors.citizenComplains, 'public', PHONE, true],
  ['publishes how it is reached', desk.publishesContact, 'maker', WIDE, false],
  ['slips at the counter by keyboard', desk.clerkAtTheCounter, 'maker', WIDE, true],
  ['a place by its name', desk.placeByName, 'maker', [...WIDE, ...PHONE], true],
  ['takes down by name', desk.withdrawsByName, 'maker', WIDE, true],
  ['photographs are seen', visitors.photographsAreSeen, 'public', PHONE, false],
  ['a slip arrives twice', desk.slipArrivesTwice, 'maker', WIDE, false],
  ['a refused slip is come back to', desk.refusedSlipIsComeBackTo, 'maker', WIDE, true],
  ['the line is cut at the counter', desk.counterLosesTheLine, 'maker', WIDE, false],
  ['a delivery from the telephone', deliveryFromThePhone, 'partner', PHONE, true],
  ['a slip with everything wrong', desk.wrongSlip, 'maker', WIDE, true],
  ['a payment by four people', desk.paymentByFour, 'maker', WIDE, true],
  ['a code at the sign-in and before a payment', security.twoSteps, 'maker', PHONE, true],
  ['a passkey at the sign-in and before a payment', security.passkeys, 'maker', [...PHONE, ...WIDE], false],
  ['a file of gifts is imported', desk.importsFile, 'maker', WIDE, true],
  ['a session ends while typing', desk.sessionEnds, 'maker', WIDE, false],
  ['two tabs', desk.twoTabs, 'maker', WIDE, false],
  ['pages are verified', proof.pagesAreVerified, 'public', PHONE, false],
  ['every campaign is verified', proof.everyCampaignIsVerified, 'public', PHONE, false],
  ['a changed story is red', proof.changedStoryIsRed, 'public', PHONE, false],
  ['a changed sum or word is red', proof.changedSumIsRed, 'public', WIDE, false],
  ['a changed figure is red', proof.changedFigureIsRed, 'public', WIDE, false],
  ['a changed log is red', proof.changedLogIsRed, 'public', PHONE, false],
  ['a shorter log is red', proof.shorterLogIsRed, 'public', PHONE, false],
  ['without a line the badge is grey', proof.withoutLineIsGrey, 'public', PHONE, false],
  ['a receipt is verified by its number', proof.receiptIsVerified, 'public', PHONE, false],
  ['a seal is waited for', proof.sealIsWaitedFor, 'public', PHONE, false],
  ['the newest movement is proved', proof.newestIsProved, 'public', WIDE, false],
  ['the newest record is proved', proof.newestRecordIsProved, 'public', WIDE, false],
  ['the saved page works offline', proof.savedPageWorksOffline, 'public', WIDE, false],
  ['a photo of a QR code is read', proof.photoIsRead, 'public', [...PHONE, ...WIDE], false],
  ['the camera reads a code', cameraReads, 'public', PHONE, false],
  ['a certificate is verified', certificateIsVerified, 'public', [...PHONE, ...WIDE], false],
  ['a qualification is suspended and given back', suspendedAndGivenBack, 'public', WIDE, false],
  ['engineers see all of a proof', proof.engineersSeeAll, 'public', [...WIDE, dress('elder', 320, 'en')], false],
  ['a saved receipt is verified', proof.savedReceiptIsVerified, 'public', WIDE, false],
];

/** The cases of all journeys. */
export function journeyCases(house, { long }) {
  return JOURNEYS.flatMap(([name, journey, person, some, bare]) => {
    const dresses = long ? PAIRS : some;
    const ways = dresses.map((one) => ({ one, scripts: true }));
    if (bare) ways.push(...(long ? dresses : dresses.slice(0, 1)).map((one) => ({ one, scripts: false })));
    return ways.map(({ one, scripts }) => ({
      name: `journey ${name} · ${nameOfDress(one)}${scripts ? '' : ' · no script'}`,
      run: async () => {
        const context = await openContext(house.browser, house.origin, one, { cookies: house.cookies.get(person), scripts });
        try {
          const page = await context.newPage();
          const seen = await watch(page, house.origin);
          await dressPage(page, one);
          await journey({ page, house, dress: one, name: `${person}-${one.theme}-${one.width}-${scripts}` });
          expectNothing(seen.faults().filter((fault) => !/ERR_INTERNET_DISCONNECTED|a stranger was asked: file:/.test(fault)));
        } finally {
          await context.close();
        }
      },
    }));
  });
}
