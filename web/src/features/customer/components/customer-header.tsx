/** Who is on screen, at a glance, and for which purpose. */
import { Link } from "@tanstack/react-router";

import { may, useSession } from "@/api/session";
import type { View } from "@/api/types";
import { sentence, words } from "@/lib/labels";
import { Avatar } from "@/ui/avatar";
import { Badge, SourceTag, type Tone } from "@/ui/badge";
import { CopyId } from "@/ui/copy";
import type { IconName } from "@/ui/icon";

import css from "./customer-header.module.css";
import { CustomerPurpose } from "./customer-purpose";

interface Mark {
  readonly tone: Tone;
  readonly icon?: IconName;
}

/** How loud a flag of the gate is; one not listed is spoken calmly. */
const MARKS: readonly (readonly [RegExp, Mark])[] = [
  [/fraud|block|litigation|deceased/, { tone: "bad", icon: "alert" }],
  [/do not contact|arrears|minor|senior|vulnerable|protected|care|case/, { tone: "warn", icon: "flag" }],
];

function markOf(flag: string): Mark {
  return MARKS.find(([pattern]) => pattern.test(flag))?.[1] ?? { tone: "calm" };
}

export function CustomerHeader({ view, purpose }: { readonly view: View; readonly purpose: string }) {
  const session = useSession();
  const sources = [...new Set(view.fragments.map(({ source }) => source))].sort();
  return (
    <header className={css["header"]}>
      <Avatar name={view.name} kind={view.kind} size={44} />
      <div className={css["who"]}>
        <div className={css["line"]}>
          <h1 className={css["name"]}>
            <bdi>{view.name}</bdi>
          </h1>
          {view.flags.map((flag) => {
            const mark = markOf(flag);
            return (
              <Badge key={flag} tone={mark.tone} {...(mark.icon === undefined ? {} : { icon: mark.icon })}>
                {sentence(flag)}
              </Badge>
            );
          })}
        </div>
        <div className={css["line"]}>
          <span>{words(view.kind)}</span>
          <CopyId id={view.customer} label="customer id" />
          <span className={css["sources"]}>
            {sources.map((source) => (
              <SourceTag key={source} source={source} />
            ))}
          </span>
        </div>
      </div>
      <div className={css["seen"]}>
        <div className={css["line"]}>
          {may(session, "open_request", "compliance") ? (
            <Link to="/requests/new" search={{ customer: view.customer }} title="What they ask about their own data">
              Open a request
            </Link>
          ) : null}
          <CustomerPurpose purpose={purpose} />
        </div>
        <span className={css["as"]}>
          as {words(view.role).toLowerCase()} · recorded as <CopyId id={view.decision} label="audit record" />
        </span>
      </div>
    </header>
  );
}
