// What the page and the decoder's worker say to each other.

export interface Picture {
  id: number;
  picture: VideoFrame | ImageData;
  side: number; // most dots of its shorter side: smaller is quicker
  twice: boolean; // at half the size first
}

export interface Reading {
  id: number;
  texts: string[]; // of each code that was read, at most four
  light: number | null; // how light the picture is, 0 to 255
  failure?: string; // the decoder itself does not work
}
