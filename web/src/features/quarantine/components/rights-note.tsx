/** Who may do what here, said to whoever may not do all of it. */
import { Icon } from "@/ui/icon";

import type { Rights } from "./kinds";
import css from "./quarantine.module.css";

export function RightsNote({ rights }: { readonly rights: Rights }) {
  const said = words(rights);
  if (said === "") return null;
  return (
    <p className={css["rights"]} role="note">
      <Icon name="lock" size={14} />
      <span>{said}</span>
    </p>
  );
}

function words({ handIn, giveUp, show }: Rights): string {
  if (handIn && giveUp && show) return "";
  if (!handIn && !giveUp) {
    return "Your role may see what is held and why. Stewards and engineers hand rows in again; only stewards give them up.";
  }
  return giveUp ? "Your role does not hand rows in again: stewards and engineers do." : "Your role may hand rows in again and sees no values; only stewards give rows up.";
}
