/** Words of a question, as the server takes them. */

const LONGEST = 100;

/** Whether there is one to ask for: two letters or digits of a word, or one sign of a script without capitals. */
export function hasWord(q: string): boolean {
  return /[\p{L}\p{N}]{2}|\p{Lo}/u.test(q) && q.trim().length <= LONGEST;
}
