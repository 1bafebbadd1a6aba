// What the page and the decoder's worker say to each other.

export interface Picture {
  id: number;
  image: ImageData;
  twice: boolean; // at half the size too
}

export interface Reading {
  id: number;
  texts: string[]; // of each code that was read, at most four
  failure?: string; // the decoder itself does not work
}
