/** A version of a contract as it is promised: its objects, and each property with its type, class and what is kept. */
import { Select } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";

import type { ContractObject, SourceDetail } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge, type Tone } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { ScrollX } from "@/ui/scroll-x";

import css from "./source-page.module.css";

const route = getRouteApi("/_in/sources/$source");
const TONES: Readonly<Record<string, Tone>> = { active: "good", deprecated: "warn", draft: "calm" };
const KEPT: Readonly<Record<string, string>> = {
  keep: "kept",
  reference: "a digest, or asked for",
  drop: "not kept",
  refuse: "must not come",
};

export function ContractPanel({ detail }: { readonly detail: SourceDetail }) {
  const { object } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = detail.versions.find(({ version }) => version === detail.contract);
  return (
    <div id="contract" className={css["anchor"]}>
      <Panel
        title="Contract"
        note={chosen === undefined ? undefined : <Badge tone={TONES[chosen.status] ?? "calm"}>{chosen.status}</Badge>}
        actions={
          <Select
            aria-label="Version of the contract"
            w={130}
            data={detail.versions.map(({ version }) => ({ value: version, label: `version ${version}` }))}
            value={detail.contract}
            onChange={(version) =>
              void navigate({ search: (old) => ({ ...old, version: version ?? undefined }), replace: true, resetScroll: false })
            }
          />
        }
        flush
      >
        {detail.objects.map((one) => (
          <ObjectOf key={one.name} object={one} open={one.name === object} />
        ))}
      </Panel>
    </div>
  );
}

function ObjectOf({ object, open }: { readonly object: ContractObject; readonly open: boolean }) {
  return (
    <details className={css["object"]} open={open}>
      <summary>
        <strong>{object.name}</strong>
        <span className="dim">
          {words(object.entity).toLowerCase()}, {count(object.properties.length)} properties
        </span>
        {object.called.length === 0 ? null : <span className="dim">called {object.called.join(", ")}</span>}
        {object.owner === "" ? null : <span className="dim">{object.owner}</span>}
      </summary>
      {object.about === "" ? null : <p className={css["about"]}>{object.about}</p>}
      <ScrollX label={`Properties of ${object.name}`}>
        <table className={css["properties"]} aria-label={`Properties of ${object.name}`}>
          <thead>
            <tr>
              <th scope="col">Property</th>
              <th scope="col">Type</th>
              <th scope="col">Required</th>
              <th scope="col">Class</th>
              <th scope="col">What is kept</th>
              <th scope="col">About</th>
            </tr>
          </thead>
          <tbody>
            {object.properties.map((property) => (
              <tr key={property.path}>
                <td className="mono">{property.path}</td>
                <td>{property.type}</td>
                <td>{property.required ? "yes" : ""}</td>
                <td>{property.field_class}</td>
                <td>{KEPT[property.store] ?? property.store}</td>
                <td>
                  {property.about}
                  {property.allowed.length === 0 ? null : <span className="dim"> One of: {property.allowed.join(", ")}.</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </details>
  );
}
