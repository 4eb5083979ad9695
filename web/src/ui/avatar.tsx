/** A round mark with initials, or a building for an organisation. Decoration beside a written name. */
import { initials } from "@/lib/labels";

import css from "./avatar.module.css";
import { Icon } from "./icon";

interface AvatarProps {
  readonly name: string;
  readonly kind: string;
  readonly size?: number;
}

export function Avatar({ name, kind, size = 32 }: AvatarProps) {
  const letters = kind === "organisation" ? "" : initials(name);
  return (
    <span className={css["avatar"]} style={{ width: size, height: size, fontSize: size * 0.38 }} aria-hidden="true">
      {letters === "" ? <Icon name={kind === "organisation" ? "building" : "person"} size={size * 0.5} /> : letters}
    </span>
  );
}
