/** Everything that the rest of the phone may ask of its storage. */

export { onChange, type Change } from "./changes";
export { countRecords, readyToGo, type Counts } from "./counts";
export { closeDatabase } from "./database";
export { acknowledgeLost, findLost, type Lost } from "./eviction";
export type { KeptRecord, Parcel, Place } from "./formats";
export { cardOfFamily, dropLooks, keepLook, listLooks, type HelpDeskList, type Look } from "./help-desk";
export { keep, type Happening } from "./keeping";
export { countParcels, dropParcel, keepParcel, listParcels, setAsideParcel } from "./parcels";
export {
  changeKept, forgetSettled, latestRecords, meetLedger, oldestWaiting, openQuestions, recordsFrom, recordsOfOperation, shelf, stuckRecords,
  takeDecided, takeVerdicts,
} from "./queue";
export { findByNumber } from "./numbers";
export { applyChanges, beginLoad, continueLoad, finishLoad, noteUnchanged, registerInfo } from "./register";
export {
  changeEnrolment, changeSetting, currentEnrolment, forgetSetting, listEnrolments, readSetting, readSettings, saveEnrolment, writeHeard,
  writeSetting, writeSettings, type Enrolment, type PhonePart, type Registers, type RegisterLoad, type RegisterState, type Settings,
} from "./settings";
export { StorageTrouble, troubleIn, type StorageCode } from "./trouble";
export { cardView } from "./views";
export { wipeEnrolment, type Farewell } from "./wiping";
