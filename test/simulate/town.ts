import type { Chance } from "./chance.ts";
import { bustle, type Habits, HOUR_S, meanWakefulness, VISIT_MAX_S, wakefulness } from "./habits.ts";
import { openHeap } from "./heap.ts";

/** Somebody who browses and may call. */
export type Person = {
  region: number;
  /** Of the address, as a server sees it; null when it is not known. */
  address_region: number | null;
  is_mobile: boolean;
  publisher: number;
  /** As the browser remembers it; cleared cookies make another one. */
  visitor: number;
  phone: number | null;
  second_phone: number | null;
  has_called: boolean;
};

export type Visit = {
  at_s: number;
  ends_at_s: number;
  person: Person;
  visitor: number;
  publisher: number;
  will_call: boolean;
};

/** A call as it happens, with the truth behind it. */
export type TownCall = {
  at_s: number;
  number: number;
  /** The lease that was shown to the caller; null for a stray. */
  lease: number | null;
  /** Null when the caller hides it. */
  phone: number | null;
  region: number | null;
};

export type Happening = { kind: "visit"; visit: Visit } | { kind: "call"; call: TownCall };

type Plan =
  | { kind: "visit"; person: Person | null }
  | {
      kind: "call";
      number: number;
      lease: number | null;
      phone: number;
      person: Person | null;
      again: number;
    };

export type Town = {
  /** What happens next; never ends. */
  next(): Happening;
  /** The visit was shown a number. Answers when its call link was pressed, in seconds. */
  show(visit: Visit, number: number, lease: number): number[];
  /** What the oracle knows of strays: calls per second to each number, by day. */
  strayRate(number: number): number;
};

/** The first strays come when it is known how many visits are served. */
const SETTLED_AFTER_H = 48;
/** Nobody redials more often. */
const AGAIN_MAX = 3;
const HOUSEHOLD = 5;

/**
 * A town of people who visit, see numbers and call, by these habits. It knows why each call was made. Stray calls (numbers
 * misdialled, or copied from printouts, a few of them again and again) begin on the third day, as many as were visits
 * served by then; with `visits_per_h` at once, for so many.
 */
export function openTown(
  habits: Habits,
  chance: Chance,
  numbers: number,
  visits_per_h: number | null = null,
): Town {
  const plans = openHeap<Plan>();
  const phones: number[] = [];
  let visitors = 0;
  let hour = 0;
  let shown = 0;
  let strays = visits_per_h === null ? [] : drawStrays(habits, chance, numbers, visits_per_h);

  const newPhone = (region: number) => {
    phones.push(chance.next() < habits.local_share ? region : chance.pick(habits.phone_regions));
    return phones.length - 1;
  };
  const newPerson = (): Person => {
    const region = chance.pick(habits.visitor_regions);
    const knows = chance.next() < habits.address_known;
    const elsewhere = chance.next() < habits.address_elsewhere;
    return {
      region,
      address_region: knows ? (elsewhere ? chance.pick(habits.phone_regions) : region) : null,
      is_mobile: chance.next() < habits.mobile_share,
      publisher: chance.pick(habits.publishers.map(({ share }) => share)),
      visitor: visitors++,
      phone: null,
      second_phone: null,
      has_called: false,
    };
  };
  /** A delay after which somebody is awake, by rejection. */
  const awake = (from_s: number, draw: () => number): number => {
    for (let tries = 0; tries < 30; tries++) {
      const delay = draw();
      if (chance.next() < wakefulness(habits, from_s + delay)) return delay;
    }
    return draw();
  };

  const planHour = () => {
    const start = hour * HOUR_S;
    const middle = start + HOUR_S / 2;
    const visits = chance.poisson(habits.peak_per_h * bustle(habits, middle));
    for (let i = 0; i < visits; i++)
      plans.push(start + chance.next() * HOUR_S, { kind: "visit", person: null });
    if (visits_per_h === null && hour === SETTLED_AFTER_H)
      strays = drawStrays(habits, chance, numbers, shown / SETTLED_AFTER_H);
    const factor = wakefulness(habits, middle) / meanWakefulness(habits);
    strays.forEach((per_h, number) => {
      if (chance.next() >= per_h * factor) return;
      const phone = newPhone(chance.pick(habits.phone_regions));
      const plan: Plan = { kind: "call", number, lease: null, phone, person: null, again: 0 };
      plans.push(start + chance.next() * HOUR_S, plan);
    });
    hour += 1;
  };

  const visitOf = (at_s: number, known: Person | null): Visit => {
    const person = known ?? newPerson();
    const isBack = known !== null;
    if (isBack && chance.next() < habits.comeback.forgotten) person.visitor = visitors++;
    const elsewhere = isBack && chance.next() >= 0.5;
    const publisher = elsewhere ? chance.pick(habits.publishers.map(({ share }) => share)) : person.publisher;
    const ends_at_s = at_s + Math.min(chance.lognormal(habits.visit.median, habits.visit.sigma), VISIT_MAX_S);
    const eagerness = habits.publishers[publisher]?.eagerness ?? 1;
    const again = isBack && person.has_called ? 0.4 : 1;
    const will_call = chance.next() < habits.call_share * eagerness * again;
    if (chance.next() < habits.comeback.share) {
      const back = ends_at_s + HOUR_S + chance.lognormal(habits.comeback.median, 1);
      plans.push(back, { kind: "visit", person });
    }
    return { at_s, ends_at_s, person, visitor: person.visitor, publisher, will_call };
  };

  /** When the visitor calls, and when the link was pressed for it, if the browser told. */
  const callTime = ({ at_s, ends_at_s, person }: Visit): { at_s: number; pressed_at_s: number | null } => {
    const { when, press } = habits;
    const kind = chance.pick([when.live, when.hours, when.days]);
    if (kind > 0) {
      const { median, sigma } = kind === 1 ? habits.hours : habits.days;
      return {
        at_s: ends_at_s + awake(ends_at_s, () => chance.lognormal(median, sigma)),
        pressed_at_s: null,
      };
    }
    if (chance.next() >= habits.on_page_share) {
      return { at_s: ends_at_s + chance.exponential(habits.after_page_mean), pressed_at_s: null };
    }
    const decided = at_s + chance.next() * (ends_at_s - at_s);
    if (!person.is_mobile || chance.next() >= press.share) return { at_s: decided, pressed_at_s: null };
    const is_told = chance.next() > press.lost;
    return {
      at_s: decided + chance.lognormal(press.median, press.sigma),
      pressed_at_s: is_told ? decided : null,
    };
  };

  const callOf = (at_s: number, plan: Extract<Plan, { kind: "call" }>): TownCall => {
    const { number, lease, phone, person, again } = plan;
    const isHidden = chance.next() < habits.hidden_share;
    const { redial, household, stray } = habits;
    if (person) {
      if (again < AGAIN_MAX && chance.next() < redial.share) {
        const delay = awake(at_s, () => chance.lognormal(redial.median, redial.sigma));
        plans.push(at_s + delay, { ...plan, again: again + 1 });
      }
      if (again === 0 && chance.next() < household.share) {
        const delay = awake(at_s, () => chance.lognormal(household.median, 1.2));
        plans.push(at_s + delay, { ...plan, phone: newPhone(person.region), again: HOUSEHOLD });
      }
    } else if (again < AGAIN_MAX && chance.next() < stray.again) {
      plans.push(at_s + chance.lognormal(120, 1), { ...plan, again: again + 1 });
    }
    const region = phones[phone] ?? null;
    return { at_s, number, lease, phone: isHidden ? null : phone, region: isHidden ? null : region };
  };

  return {
    next() {
      while (plans.firstKey() >= hour * HOUR_S) planHour();
      const { key, value } = plans.pop() ?? { key: 0, value: { kind: "visit" as const, person: null } };
      return value.kind === "visit"
        ? { kind: "visit", visit: visitOf(key, value.person) }
        : { kind: "call", call: callOf(key, value) };
    },

    show(visit, number, lease) {
      shown += 1;
      const { person, at_s, ends_at_s } = visit;
      if (chance.next() < 0.02) {
        const spouse = { ...newPerson(), region: person.region, phone: person.phone };
        plans.push(ends_at_s + chance.lognormal(6 * HOUR_S, 1.2), { kind: "visit", person: spouse });
      }
      if (!visit.will_call) {
        const isIdle =
          person.is_mobile && chance.next() < habits.press.idle && chance.next() > habits.press.lost;
        return isIdle ? [at_s + chance.next() * (ends_at_s - at_s)] : [];
      }
      person.has_called = true;
      person.phone ??= newPhone(person.region);
      const isSame = chance.next() < habits.same_phone;
      if (!isSame) person.second_phone ??= newPhone(person.region);
      const phone = isSame ? person.phone : (person.second_phone ?? person.phone);
      const { at_s: rings_at_s, pressed_at_s } = callTime(visit);
      plans.push(rings_at_s, { kind: "call", number, lease, phone, person, again: 0 });
      return pressed_at_s === null ? [] : [pressed_at_s];
    },

    strayRate: (number) => (strays[number] ?? 0) / HOUR_S,
  };
}

/** Calls an hour to each number that no visit explains; a few numbers get most of them. */
function drawStrays(habits: Habits, chance: Chance, numbers: number, visits_per_h: number): number[] {
  const { share, shape } = habits.stray;
  const drawn = Array.from({ length: numbers }, () => chance.gamma(shape));
  const mean = drawn.reduce((a, b) => a + b, 0) / numbers;
  const per_h = ((share / (1 - share)) * visits_per_h * habits.call_share) / numbers;
  return drawn.map((one) => (one / mean) * per_h);
}
