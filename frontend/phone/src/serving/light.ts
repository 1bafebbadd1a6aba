// How light a picture is, so that the torch can be offered when it is not.

const DARK = 50; // of 255
const STEP = 97; // every so many dots are enough, and their columns differ from row to row

/** Tell whether a picture is too dark to read a card in. */
export function isDark({ data }: Pick<ImageData, "data">): boolean {
  let sum = 0;
  let count = 0;
  for (let place = 0; place < data.length; place += 4 * STEP) {
    sum += 0.3 * data[place]! + 0.59 * data[place + 1]! + 0.11 * data[place + 2]!;
    count += 1;
  }
  return count > 0 && sum / count < DARK;
}
