/** The keyboard, on one card. */
import { Modal } from "@mantine/core";

import { COMMAND_KEY } from "@/lib/keys";

import css from "./help.module.css";
import type { Place } from "./places";
import shell from "./shell.module.css";

interface HelpProps {
  readonly opened: boolean;
  readonly places: readonly Place[];
  readonly onClose: () => void;
}

export function Help({ opened, places, onClose }: HelpProps) {
  const rows: readonly (readonly [string, string])[] = [
    [`${COMMAND_KEY} K`, "Find a customer or a page, from anywhere"],
    ["/", "Put the cursor in the page’s filter, or go to Find"],
    ["↑ ↓", "Move through results"],
    ["Enter", "Open the marked result"],
    ["Esc", "Close what is open"],
    ...places.map(({ key, title }) => [`G ${key.toUpperCase()}`, `Go to ${title}`] as const),
    ["[ ]", "Previous and next account of a customer"],
    ["N", "Next held row like the one that is open"],
    ["?", "This card"],
  ];
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={440}>
      <dl className={css["list"]}>
        {rows.map(([keys, about]) => (
          <div key={keys} className={css["row"]}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key} className={shell["kbd"]}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
