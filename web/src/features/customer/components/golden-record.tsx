/** The golden record: each field's value, where it came from at a glance, all candidates when opened. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

import type { Value, View } from "@/api/types";
import { day } from "@/lib/format";
import { grouped, shown, words } from "@/lib/labels";
import { Badge, SourceTag } from "@/ui/badge";
import { Breakable } from "@/ui/breakable";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

import css from "./golden-record.module.css";
import { Provenance } from "./provenance";
import { reasonOf } from "./survivorship";

interface GoldenRecordProps {
  readonly view: View;
  readonly open: string | undefined;
}

export function GoldenRecord({ view, open }: GoldenRecordProps) {
  const navigate = useNavigate({ from: "/customers/$customer" });
  const groups = grouped(Object.keys(view.profile));
  function toggle(field: string) {
    const next = field === open ? undefined : field;
    void navigate({ to: ".", search: (old) => ({ ...old, field: next }), replace: true, resetScroll: false });
  }
  return (
    <Panel title="Golden record" note="where each value came from" flush>
      {groups.length === 0 ? (
        <Empty icon="hidden" title="Nothing may be shown">
          Every value is withheld from your role for this purpose.
        </Empty>
      ) : (
        groups.map(({ title, fields }) => (
          <section key={title} className={css["group"]} aria-label={title}>
            <h3 className={css["title"]}>{title}</h3>
            {fields.map((field) => {
              const value = view.profile[field];
              if (value === undefined) return null;
              const verified = view.profile[`${field}_verified`]?.value === true;
              return (
                <Field
                  key={field}
                  field={field}
                  value={value}
                  verified={verified}
                  open={field === open}
                  onToggle={() => toggle(field)}
                />
              );
            })}
          </section>
        ))
      )}
    </Panel>
  );
}

function Masked() {
  return (
    <span className={css["masked"]} title="Masked for your role">
      <Icon name="lock" size={12} />
      <span className="hidden-visually">masked</span>
    </span>
  );
}

interface FieldProps {
  readonly field: string;
  readonly value: Value;
  readonly verified: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Field({ field, value, verified, open, onToggle }: FieldProps) {
  const id = `provenance-${field}`;
  const rivals = new Set(value.candidates.map((candidate) => JSON.stringify(candidate.value))).size;
  return (
    <div className={css["field"]} data-open={open}>
      <Tooltip
        multiline
        position="right"
        disabled={open}
        label={
          <>
            {value.source}, {day(value.at)}
            <br />
            Chosen because {reasonOf(value.rule)}
          </>
        }
      >
        <UnstyledButton className={css["row"]} onClick={onToggle} aria-expanded={open} aria-controls={open ? id : undefined}>
          <span className={css["label"]}>{words(field)}</span>
          <span className={css["value"]}>
            <Breakable text={shown(field, value.value, value.masked)} />
            {value.masked ? <Masked /> : null}
            {verified ? <Badge tone="good" icon="check">verified</Badge> : null}
          </span>
          <span className={css["from"]}>
            {rivals > 1 ? <span className={css["rivals"]} title={`${rivals} different values were offered`}>{rivals}</span> : null}
            <SourceTag source={value.source} />
          </span>
        </UnstyledButton>
      </Tooltip>
      {open ? <Provenance id={id} field={field} value={value} /> : null}
    </div>
  );
}
