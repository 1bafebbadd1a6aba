// Looks with Lighthouse at the page that a browser shows now: for each line that comes in, a line of JSON goes out, the scores
// (0 to 100) and what was found. Runs beside its node_modules; the browser's port is the argument.
import { createInterface } from "node:readline";
import { snapshot } from "lighthouse";
import { connect } from "puppeteer-core";

const CATEGORIES = ["accessibility", "best-practices"];
const settings = { onlyCategories: CATEGORIES, formFactor: "mobile", screenEmulation: { disabled: true } };
const browser = await connect({ browserURL: `http://127.0.0.1:${process.argv[2]}`, defaultViewport: null });

for await (const _line of createInterface({ input: process.stdin })) {
  const page = (await browser.pages()).find((each) => each.url().includes("/phone/"));
  const { lhr } = await snapshot(page, { config: { extends: "lighthouse:default", settings } });
  const scores = CATEGORIES.map((each) => Math.round(lhr.categories[each].score * 100));
  const found = Object.values(lhr.audits).filter((each) => each.score !== null && each.score < 1).map((each) => each.id);
  console.log(JSON.stringify({ version: lhr.lighthouseVersion, scores, found }));
}
await browser.disconnect();
