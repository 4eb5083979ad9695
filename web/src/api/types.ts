/** Names for the shapes of the API. They are the server's own structs; nothing here adds to them. */
import type { components } from "./generated/schema";

type Schemas = components["schemas"];

export type Accounting = Schemas["Accounting"];
export type AccountView = Schemas["AccountView"];
export type Activation = Schemas["Activation"];
export type AuditEntry = Schemas["AuditEntry"];
export type BalanceSeries = Schemas["BalanceSeries"];
export type Candidate = Schemas["Candidate"];
export type ConsentBody = Schemas["ConsentBody"];
export type ConsentView = Schemas["ConsentView"];
export type Found = Schemas["Found"];
export type FoundPage = Schemas["FoundPage"];
export type FragmentView = Schemas["FragmentView"];
export type JudgementBody = Schemas["JudgementBody"];
export type LeftOut = Schemas["LeftOut"];
export type Moment = Schemas["Moment"];
export type QuarantineCount = Schemas["QuarantineCount"];
export type QuarantinedRow = Schemas["QuarantinedRow"];
export type SegmentView = Schemas["SegmentView"];
export type Session = Schemas["Session"];
export type SourceView = Schemas["SourceView"];
export type TransactionView = Schemas["TransactionView"];
export type Value = Schemas["Value"];
export type View = Schemas["View"];
export type Withheld = Schemas["Withheld"];
