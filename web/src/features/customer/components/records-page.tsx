/** The fragments behind the customer, side by side, field by field: where they agree and where they do not. */
import { useState } from "react";

import { may, useSession } from "@/api/session";
import type { FragmentView, View } from "@/api/types";
import { count } from "@/lib/format";
import { grouped, shown, words } from "@/lib/labels";
import { SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { ScrollX } from "@/ui/scroll-x";
import { When } from "@/ui/when";

import { useCustomer } from "./customer-context";
import { JudgementBar } from "./judgement-bar";
import css from "./records-page.module.css";

export function RecordsPage() {
  const { view } = useCustomer();
  const session = useSession();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const mayJudge = may(session, "decide_judgement") && view.fragments.length > 1;
  function pick(id: string) {
    setPicked((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id].slice(-2)));
  }
  return (
    <Panel title="Records behind this customer" note={`${view.fragments.length === 1 ? "one" : count(view.fragments.length)}, as each source tells it; nothing was mixed`} flush>
      {mayJudge ? <JudgementBar view={view} picked={picked} onDone={() => setPicked([])} /> : null}
      <ScrollX label="Records, side by side">
        <table className={css["table"]}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              {view.fragments.map((fragment) => (
                <th key={fragment.id} scope="col">
                  <Head
                    fragment={fragment}
                    picked={picked.includes(fragment.id)}
                    onPick={mayJudge ? () => pick(fragment.id) : undefined}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fieldsOf(view).map((field) => (
              <tr key={field}>
                <th scope="row">{words(field)}</th>
                {view.fragments.map((fragment) => (
                  <Cell key={fragment.id} field={field} fragment={fragment} golden={view.profile[field]?.value} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}

/** Every field that any fragment has, in the order a person is read. */
function fieldsOf(view: View): readonly string[] {
  const present = new Set(view.fragments.flatMap((fragment) => Object.keys(fragment.values)));
  return grouped([...present]).flatMap((group) => group.fields);
}

interface HeadProps {
  readonly fragment: FragmentView;
  readonly picked: boolean;
  readonly onPick: (() => void) | undefined;
}

function Head({ fragment, picked, onPick }: HeadProps) {
  return (
    <div className={css["head"]}>
      <span className={css["source"]}>
        {onPick === undefined ? null : (
          <input
            type="checkbox"
            checked={picked}
            onChange={onPick}
            aria-label={`Compare the record of ${fragment.source} ${fragment.key}`}
          />
        )}
        <SourceTag source={fragment.source} />
      </span>
      <bdi className="mono">{fragment.key}</bdi>
      <span className={css["at"]}>
        <When at={fragment.at} />
      </span>
    </div>
  );
}

interface CellProps {
  readonly field: string;
  readonly fragment: FragmentView;
  readonly golden: unknown;
}

function Cell({ field, fragment, golden }: CellProps) {
  if (!fragment.permits) {
    return (
      <td className={css["closed"]} title="May not be used for this purpose">
        <Icon name="hidden" size={12} />
        <span className="hidden-visually">May not be used for this purpose</span>
      </td>
    );
  }
  const value = fragment.values[field];
  if (value === undefined) return <td className="dim">–</td>;
  const differs = golden !== undefined && JSON.stringify(golden) !== JSON.stringify(value);
  return (
    <td data-differs={differs}>
      <bdi>{shown(field, value)}</bdi>
      {differs ? <span className="hidden-visually"> differs from the golden record</span> : null}
    </td>
  );
}
