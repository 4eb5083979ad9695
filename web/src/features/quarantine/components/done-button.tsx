/** What is left to press when something was done: it takes the focus, since what had it is gone. */
import { Button } from "@mantine/core";

import css from "./dialogs.module.css";

export function DoneButton({ onDone }: { readonly onDone: () => void }) {
  return (
    <Button ref={(button) => button?.focus()} className={css["end"]} onClick={onDone}>
      Done
    </Button>
  );
}
