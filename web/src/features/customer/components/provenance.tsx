/** Why a field has the value it has: the rule, and every value that was offered, by whom and when. */
import type { Value } from "@/api/types";
import { shown } from "@/lib/labels";
import { SourceTag } from "@/ui/badge";
import { Breakable } from "@/ui/breakable";
import { Icon } from "@/ui/icon";
import { When } from "@/ui/when";

import css from "./provenance.module.css";
import { reasonOf } from "./survivorship";

interface ProvenanceProps {
  readonly id: string;
  readonly field: string;
  readonly value: Value;
}

export function Provenance({ id, field, value }: ProvenanceProps) {
  return (
    <div id={id} className={css["provenance"]} role="region" aria-label="Where it came from">
      <p className={css["rule"]}>
        <span className="dim">Chosen because</span> {reasonOf(value.rule)}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Offered value</th>
            <th scope="col">Source</th>
            <th scope="col">As of</th>
          </tr>
        </thead>
        <tbody>
          {value.candidates.map((candidate) => {
            const won = candidate.fragment === value.fragment;
            return (
              <tr key={`${candidate.fragment} ${candidate.at}`} data-won={won}>
                <td>
                  <span className={css["offered"]}>
                    {won ? <Icon name="check" size={12} /> : <span className={css["gap"]} />}
                    <span>
                      <Breakable text={shown(field, candidate.value, value.masked)} />
                    </span>
                    {won ? <span className="hidden-visually">chosen</span> : null}
                  </span>
                </td>
                <td>
                  <SourceTag source={candidate.source} />
                </td>
                <td className={css["at"]}>
                  <When at={candidate.at} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
