// How a family on the help desk's list is called.

import type { Family } from "../help-desk/finding";
import { peopleWords } from "./offer-words";

export const calledWords = ({ head, names, village }: Family) => head || names[0] || village;

/** Say what tells it from others of its name: from where it is, and how many they are. */
export const whereWords = ({ village, people }: Family) => [village, peopleWords(people)].filter(Boolean).join(" · ");
