/** A text with one place where it may break: an e-mail goes to the next line after its @, not in a word. */

export function Breakable({ text }: { readonly text: string }) {
  const at = text.indexOf("@") + 1;
  return (
    <bdi>
      {text.slice(0, at)}
      {at === 0 ? null : <wbr />}
      {text.slice(at)}
    </bdi>
  );
}
