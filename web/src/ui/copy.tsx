/** An opaque id, shortened, that one press copies whole. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

import css from "./copy.module.css";
import { Icon } from "./icon";

interface CopyIdProps {
  readonly id: string;
  readonly label: string;
}

export function CopyId({ id, label }: CopyIdProps) {
  const clipboard = useClipboard({ timeout: 1200 });
  return (
    <Tooltip label={clipboard.copied ? "Copied" : `Copy ${label}`}>
      <UnstyledButton className={css["copy"]} onClick={() => clipboard.copy(id)}>
        <span className="hidden-visually">Copy {label}</span>
        <span className="mono">{id.length > 14 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id}</span>
        <Icon name={clipboard.copied ? "check" : "copy"} size={12} />
      </UnstyledButton>
    </Tooltip>
  );
}
