import { resolver } from "hono-openapi";
import type * as v from "valibot";
import { ApiKey, ApiKeyInput, NewApiKey } from "../../../shared/api/api-keys.ts";
import { Call } from "../../../shared/api/calls.ts";
import {
  Campaign,
  CampaignInput,
  CampaignPatch,
  Enrollment,
  EnrollmentInput,
  PayoutTerms,
  RevenueTerms,
  TermsInput,
  TermsVersion,
} from "../../../shared/api/campaigns.ts";
import { Hours, ProblemSchema } from "../../../shared/api/common.ts";
import { Dispute } from "../../../shared/api/disputes.ts";
import {
  NumbersInput,
  Pool,
  PoolInput,
  Site,
  SiteInput,
  TrackingNumber,
} from "../../../shared/api/inventory.ts";
import { CallFlowInput, CallFlowVersion } from "../../../shared/api/ivr.ts";
import { FlowTrial } from "../../../shared/api/ivr-trial.ts";
import { LedgerEntry } from "../../../shared/api/ledger.ts";
import { Me, Network, Organization, OrganizationInput } from "../../../shared/api/organizations.ts";
import { PoolHealth } from "../../../shared/api/pool-health.ts";
import { Report } from "../../../shared/api/reports.ts";
import {
  CampaignRouting,
  CampaignRoutingPatch,
  Considered,
  GroupInput,
  RoutingPreview,
  TargetGroup,
  Treatment,
} from "../../../shared/api/routing.ts";
import { Session } from "../../../shared/api/sessions.ts";
import { SignalImport } from "../../../shared/api/signals.ts";
import { Statement, StatementLine } from "../../../shared/api/statements.ts";
import { Target, TargetInput } from "../../../shared/api/targets.ts";
import { TelephonyAccount, TelephonyAccountInput } from "../../../shared/api/telephony-accounts.ts";
import { TrackingLink, TrackingLinkInput } from "../../../shared/api/tracking-links.ts";
import { NewUser, User, UserInput } from "../../../shared/api/users.ts";
import { NewWebhook, Webhook, WebhookDelivery, WebhookInput } from "../../../shared/api/webhooks.ts";

const SENT = {
  ApiKeyInput,
  CallFlowInput,
  CampaignInput,
  CampaignPatch,
  EnrollmentInput,
  NumbersInput,
  OrganizationInput,
  PoolInput,
  SiteInput,
  CampaignRoutingPatch,
  TargetGroupInput: GroupInput,
  TargetInput,
  TelephonyAccountInput,
  TermsInput,
  TrackingLinkInput,
  UserInput,
  WebhookInput,
};

const ANSWERED = {
  ApiKey,
  Call,
  CallFlowVersion,
  Campaign,
  CampaignRouting,
  Considered,
  Dispute,
  Enrollment,
  FlowTrial,
  Hours,
  LedgerEntry,
  Me,
  Network,
  NewApiKey,
  NewUser,
  NewWebhook,
  Organization,
  PayoutTerms,
  Pool,
  PoolHealth,
  Problem: ProblemSchema,
  Report,
  RevenueTerms,
  RoutingPreview,
  Session,
  SignalImport,
  Site,
  Statement,
  StatementLine,
  Target,
  TargetGroup,
  Treatment,
  TelephonyAccount,
  TermsVersion,
  TrackingLink,
  TrackingNumber,
  User,
  Webhook,
  WebhookDelivery,
};

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Components = { [name: string]: Json };

/**
 * Gives the schemas of the API their names: wherever one of them stands in the document, as itself or inside
 * another, a reference to `#/components/schemas/…` takes its place. Schemas are recognised by their text.
 */
export async function withNamedSchemas(document: Json): Promise<{ document: Json; schemas: Components }> {
  const plain: Components = {
    ...(await converted(SENT, "input")),
    ...(await converted(ANSWERED, "output")),
  };
  const names = new Map(Object.entries(plain).map(([name, schema]) => [JSON.stringify(schema), name]));
  const schemas = Object.entries(plain).map(([name, schema]) => [name, insides(schema, names)]);
  return { document: referring(document, names), schemas: Object.fromEntries(schemas) };
}

async function converted(
  named: Record<string, v.GenericSchema>,
  typeMode: "input" | "output",
): Promise<Components> {
  const entries = Object.entries(named).map(async ([name, schema]) => {
    const { schema: json } = await resolver(schema, { options: { typeMode } }).toOpenAPISchema();
    return [name, json as Json] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function referring(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value !== "object" || value === null) return value;
  const name = names.get(JSON.stringify(value));
  return name === undefined ? insides(value, names) : { $ref: `#/components/schemas/${name}` };
}

function insides(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => referring(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, referring(item, names)]));
}
