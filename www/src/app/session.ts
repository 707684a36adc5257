/** What the person has put in: documents and settings. Components change it here and hear of each other's changes here. */
import { Text } from "@codemirror/state";
import type { DocumentKind, Settings } from "./contract";

export type KindChoice = "auto" | DocumentKind;

export interface PolicyDocument {
  readonly id: number;
  name: string;
  /** The editor's text: an immutable rope, so that a key in 10 MB copies nothing. Empty where the text is large. */
  text: Text;
  /** A text too large for an editor: a file that only a worker reads, or what was pasted. */
  readonly large: Blob | string | null;
  /** Not judged, while one of its policies is edited in a tab of its own. */
  aside: boolean;
  kind: KindChoice;
  /** ARN of the principal an identity-based policy is attached to; may be empty. */
  attachedTo: string;
}

export type NewDocument = Pick<PolicyDocument, "name"> & { text: Blob | string; kind?: KindChoice; attachedTo?: string };

/** Above this many characters, or bytes of a file, a text does not go into the editor. */
export const LARGE_TEXT = 1 << 20;

/** Settings as the page holds them: every field there, lists as they were typed. */
export type PageSettings = Required<Settings>;

export type Change = "documents" | "active" | "text" | "settings";

export interface Snapshot {
  documents: readonly PolicyDocument[];
  active: PolicyDocument;
  settings: PageSettings;
  hint: string;
}

const NO_SETTINGS: PageSettings = {
  authorizedPrincipals: [],
  protectedTrails: [],
  trailBuckets: [],
  organizationIds: [],
  trustedAccounts: [],
  explicitDeny: "required",
  now: "",
};

export class Session {
  #documents: readonly PolicyDocument[];
  #active: PolicyDocument;
  #settings: PageSettings = NO_SETTINGS;
  #hint = "";
  #lastId = 0;
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor() {
    this.#active = this.#create({ name: "Policy 1", text: "" });
    this.#documents = [this.#active];
  }

  get documents(): readonly PolicyDocument[] {
    return this.#documents;
  }

  get active(): PolicyDocument {
    return this.#active;
  }

  get settings(): PageSettings {
    return this.#settings;
  }

  /** What to look at in the example that is open; empty otherwise. */
  get hint(): string {
    return this.#hint;
  }

  /** True while there is nothing to judge. */
  get isBlank(): boolean {
    return this.#documents.every(isBlank);
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /** Adds documents after the others and shows the first of them. Blank ones make way. */
  add(added: readonly NewDocument[]): void {
    const documents = added.map((document) => this.#create(document));
    const [first] = documents;
    if (!first) return;
    const kept = !isBlank(first) ? this.#documents.filter((document) => !isUntouched(document)) : this.#documents;
    this.#documents = [...kept, ...documents];
    this.#active = first;
    this.#tell("documents", "active");
  }

  /** Removes a document; there is always one left to type into. */
  remove(document: PolicyDocument): void {
    const position = this.#documents.indexOf(document);
    const rest = this.#documents.filter((other) => other !== document);
    this.#documents = rest.length > 0 ? rest : [this.#create({ name: "Policy 1", text: "" })];
    if (document === this.#active) this.#active = this.#at(Math.min(position, this.#documents.length - 1));
    this.#tell("documents", "active");
  }

  activate(document: PolicyDocument): void {
    if (document === this.#active) return;
    this.#active = document;
    this.#tell("active");
  }

  /** Puts another document in a document's place. */
  exchange(document: PolicyDocument, other: NewDocument): void {
    const created = this.#create(other);
    this.#documents = this.#documents.map((one) => (one === document ? created : one));
    if (this.#active === document) this.#active = created;
    this.#tell("documents", "active");
  }

  /** Changes a document's name, kind or principal, or whether it is judged. */
  describe(document: PolicyDocument, change: Partial<Pick<PolicyDocument, "name" | "kind" | "attachedTo" | "aside">>): void {
    Object.assign(document, change);
    this.#tell("documents");
  }

  edit(document: PolicyDocument, text: Text): void {
    document.text = text;
    this.#tell("text");
  }

  set(settings: Partial<PageSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#tell("settings");
  }

  clearHint(): void {
    this.#hint = "";
  }

  /** Puts an example in place of everything. */
  open(documents: readonly NewDocument[], settings: Partial<PageSettings>, hint: string): void {
    this.#documents = documents.map((document) => this.#create(document));
    this.#active = this.#at(0);
    this.#settings = { ...NO_SETTINGS, ...settings };
    this.#hint = hint;
    this.#tell("documents", "active", "settings");
  }

  snapshot(): Snapshot {
    return { documents: this.#documents, active: this.#active, settings: this.#settings, hint: this.#hint };
  }

  restore({ documents, active, settings, hint }: Snapshot): void {
    this.#documents = documents;
    this.#active = active;
    this.#settings = settings;
    this.#hint = hint;
    this.#tell("documents", "active", "settings");
  }

  /** A name that no document has yet: "Policy 2". */
  freeName(): string {
    const names = new Set(this.#documents.map(({ name }) => name));
    let number = this.#documents.length + 1;
    while (names.has(`Policy ${number}`)) number += 1;
    return `Policy ${number}`;
  }

  #create({ name, text, kind = "auto", attachedTo = "" }: NewDocument): PolicyDocument {
    this.#lastId += 1;
    const large = typeof text !== "string" || text.length > LARGE_TEXT ? text : null;
    const lines = typeof text !== "string" || large !== null ? [""] : text.split(/\r\n?|\n/);
    return { id: this.#lastId, name, text: Text.of(lines), large, aside: false, kind, attachedTo };
  }

  #at(position: number): PolicyDocument {
    return this.#documents[position] ?? this.#active;
  }

  #tell(...changes: Change[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }
}

/** Nothing but white space. Only short texts are looked through: this is asked on every key. */
export function isBlank({ text, large }: PolicyDocument): boolean {
  if (large !== null) return false;
  return text.length === 0 || (text.length < 1000 && text.toString().trim() === "");
}

function isUntouched(document: PolicyDocument): boolean {
  return isBlank(document) && document.kind === "auto" && document.attachedTo === "";
}
