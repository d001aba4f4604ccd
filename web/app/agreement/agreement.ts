/** What the client believes of an answer (types.ts) holds of what the server says it sends (wire.ts, made from its route
 *  table): where a line here is an error, one of the two is wrong. Nothing of this file is in the program. */
import type * as believed from "../src/api/types";
import type * as wire from "../src/api/wire";

/** Whatever the server may send can be read as the client reads it. */
type Reads<Client, Wire extends Client> = [Client, Wire];

/** The same names and kinds, whatever may be missing: for answers whose parts are there only at times. */
type Plain<T> = T extends (infer One)[] ? Plain<One>[] : T extends object ? { [K in keyof T]-?: Plain<NonNullable<T[K]>> } : T;

export type Agreement = [
  Reads<believed.Session, wire.Session>,
  Reads<believed.Person, wire.Person>,
  Reads<believed.Invitation, wire.Invitation>,
  Reads<believed.Token, wire.Token>,
  Reads<believed.AuditEntry, wire.AuditRow>,
  Reads<believed.Template, wire.MapTemplate>,
  Reads<Plain<believed.MapCard>, Plain<wire.Card>>,
  Reads<Plain<believed.Finding>, Plain<wire.Home["greeting_findings"][number]>>,
  Reads<Plain<believed.ActionRow>, Plain<wire.Action>>,
  Reads<Plain<believed.Source>, Plain<wire.Source>>,
  Reads<Plain<believed.Home>, Plain<wire.Home>>,
  Reads<believed.OperationsAnswer, wire.MapEdited>,
  Reads<Omit<believed.OperationItem, "op">, wire.MapOperations["items"][number]>,
  Reads<believed.Version, wire.MapVersion>,
  Reads<believed.Comment, wire.Comment>,
  Reads<Plain<believed.Department>, Plain<wire.Department>>,
  Reads<Plain<believed.Channel>, Plain<wire.Channel>>,
  Reads<believed.SavedFilter, wire.SavedFilter>,
  Reads<Partial<believed.EmotionWords>, wire.Emotions>,
  Reads<believed.Share, wire.Share>,
];
