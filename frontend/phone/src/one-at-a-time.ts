// A cold thumb taps twice, and a phone takes a moment to store: the second tap must not do it again.

/** Return `work` so that calling it while it is under way does nothing, and comes to undefined. */
export function oneAtATime<Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>): (...given: Given) => Promise<Result | undefined> {
  let isUnderWay = false;
  return async (...given) => {
    if (isUnderWay) return undefined;
    isUnderWay = true;
    try {
      return await work(...given);
    } finally {
      isUnderWay = false;
    }
  };
}
