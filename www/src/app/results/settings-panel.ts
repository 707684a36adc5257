/** What the verdicts rest on: who is authorized, which trails and buckets count. Folded to one sentence, unfolded to a form. */
import type { Checker } from "../checker";
import { h, replace, type Child } from "../dom/h";
import { icon } from "../dom/icons";
import { richText } from "../dom/rich-text";
import type { PageSettings, Session } from "../session";
import { countOf } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./settings-panel.css?inline";

adopt(css);

type ListName = "authorizedPrincipals" | "protectedTrails" | "trailBuckets" | "organizationIds" | "trustedAccounts";

interface ListField {
  name: ListName;
  label: string;
  help: string;
  example: string;
}

const LISTS: readonly ListField[] = [
  {
    name: "authorizedPrincipals",
    label: "Authorized principals",
    help: "Who may change trails: break-glass roles, the logging team. ARN patterns, or `KEY=PATTERN` for a principal known by another context key. Empty: nobody.",
    example: "arn:aws:iam::*:role/BreakGlass\naws:PrincipalTag/team=security",
  },
  {
    name: "protectedTrails",
    label: "Protected trails",
    help: "ARN patterns of the trails that count. Empty: every trail.",
    example: "arn:aws:cloudtrail:*:111122223333:trail/infosec-*",
  },
  {
    name: "trailBuckets",
    label: "Trail buckets",
    help: "Names of the buckets that hold CloudTrail logs. Empty: detected from the bucket policy.",
    example: "example-org-cloudtrail-logs",
  },
  {
    name: "organizationIds",
    label: "Organizations",
    help: "Ids of the organizations whose principals may touch the trail buckets.",
    example: "o-a1b2c3d4e5",
  },
  {
    name: "trustedAccounts",
    label: "Trusted accounts",
    help: "Accounts that may touch the trail buckets.",
    example: "111122223333",
  },
];

export function createSettingsPanel(session: Session, checker: Checker): HTMLElement {
  let failing = "";
  const premises = h("span", { class: "premises" });
  const failure = h("div", { class: "failure", role: "alert" });
  const fields = LISTS.map((field) => ({ ...field, area: listArea(field, session) }));
  const explicitDeny = h(
    "select",
    {
      id: "setting-explicitDeny",
      "aria-describedby": "setting-explicitDeny-help",
      on: { change: () => session.set({ explicitDeny: explicitDeny.value === "optional" ? "optional" : "required" }) },
    },
    h("option", { value: "required" }, "Required"),
    h("option", { value: "optional" }, "Optional"),
  );
  const now = h("input", {
    id: "setting-now",
    type: "text",
    placeholder: "2026-01-31T12:00:00Z",
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "setting-now-help",
    on: { input: () => session.set({ now: now.value.trim() }) },
  });
  const summary = h("summary", { id: "settings" }, icon("settings"), h("span", null, h("b", null, "Settings: "), premises));
  const details = h(
    "details",
    { class: "settings" },
    summary,
    h(
      "div",
      { class: "settings-form", role: "group", "aria-label": "Settings" },
      fields.map(({ name, label, help, example, area }) => setting(name, label, area, richText(help), example)),
      setting("explicitDeny", "Explicit Deny", explicitDeny, ["Whether it is a warning when nothing is allowed, but no explicit Deny says so."]),
      setting("now", "Time of the check", now, ["ISO 8601. Requests happen then or later, so an Allow that has expired grants nothing. Empty: the clock."]),
    ),
  );

  const element = h("div", { class: "settings-panel" }, failure, details);
  const controls = [...fields.map(({ name, area }) => ({ name, control: area })), { name: "now", control: now }];

  function showSettings(): void {
    const { settings } = session;
    for (const { name, area } of fields) {
      // Only where it differs in meaning: a field that is typed in keeps its blank lines and its cursor.
      if (linesOf(area.value).join("\n") !== settings[name].join("\n")) area.value = settings[name].join("\n");
    }
    explicitDeny.value = settings.explicitDeny;
    if (now.value.trim() !== settings.now) now.value = settings.now;
    replace(premises, premisesOf(settings));
  }

  /** Beside the setting that the message is about; over all settings where it is about none. */
  function showFailure(): void {
    const message = checker.state === "failed" ? checker.failure : "";
    if (message === failing) return;
    failing = message;
    const culprit = message === "" ? undefined : controls.find(({ name, control }) => isAbout(message, name, control.value));
    for (const { control } of controls) control.setAttribute("aria-invalid", String(control === culprit?.control));
    if (culprit) culprit.control.after(failure);
    else element.prepend(failure);
    if (culprit) details.open = true;
    replace(failure, message !== "" && [icon("fail"), h("p", null, h("b", null, "No verdict. "), richText(message))]);
  }

  session.onChange((change) => {
    if (change === "settings") showSettings();
  });
  checker.onChange(showFailure);
  showSettings();

  return element;
}

function listArea({ name }: ListField, session: Session): HTMLTextAreaElement {
  const area = h("textarea", {
    id: `setting-${name}`,
    rows: 3,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    "aria-describedby": `setting-${name}-help`,
    on: { input: () => session.set({ [name]: linesOf(area.value) }) },
  });
  return area;
}

function setting(name: string, label: string, control: HTMLElement, help: Child[], example?: string): HTMLElement {
  return h(
    "div",
    { class: "setting" },
    h("label", { for: `setting-${name}` }, label, example !== undefined && h("span", { class: "soft" }, " one a line")),
    control,
    h(
      "div",
      { class: "small soft", id: `setting-${name}-help` },
      h("p", null, help),
      example !== undefined && h("p", null, "Such as ", example.split("\n").map((line, index) => [index > 0 && " or ", h("code", null, line)])),
    ),
  );
}

/** The engine's messages name the setting, or quote one of its lines. */
function isAbout(message: string, name: string, value: string): boolean {
  return message.includes(`\`${name}`) || linesOf(value).some((line) => message.includes(`\`${line}\``));
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The settings in a sentence, so that nobody has to unfold them to know what a verdict rests on. */
function premisesOf(settings: PageSettings): string {
  const { authorizedPrincipals, protectedTrails, trailBuckets, organizationIds, trustedAccounts, explicitDeny, now } = settings;
  const parts = [
    authorizedPrincipals.length > 0 ? countOf(authorizedPrincipals.length, "authorized principal") : "nobody is authorized",
    protectedTrails.length > 0 ? countOf(protectedTrails.length, "protected trail pattern") : "every trail counts",
    trailBuckets.length > 0 && countOf(trailBuckets.length, "trail bucket"),
    organizationIds.length > 0 && countOf(organizationIds.length, "organization"),
    trustedAccounts.length > 0 && countOf(trustedAccounts.length, "trusted account"),
    explicitDeny === "optional" && "explicit Deny optional",
    now !== "" && `at ${now}`,
  ];
  return parts.filter(Boolean).join(" · ");
}
