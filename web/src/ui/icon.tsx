/** The console's own icons: 16 by 16, one stroke weight. Decoration only; the words beside them carry the meaning. */

const PATHS = {
  home: "M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4Z",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2",
  person: "M8 7.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.75 14c.4-2.7 2.5-4.25 5.25-4.25S12.85 11.3 13.25 14",
  building: "M3 14V2.5h7V14M10 6h3v8M1.5 14h13M5.5 5.5h2M5.5 8h2M5.5 10.5h2",
  layers: "M8 2 14 5.25 8 8.5 2 5.25ZM2.5 8.25 8 11.25l5.5-3M2.5 11 8 14l5.5-3",
  database: "M8 6c3 0 5-.8 5-2s-2-2-5-2-5 .8-5 2 2 2 5 2ZM3 4v8c0 1.2 2 2 5 2s5-.8 5-2V4M3 8c0 1.2 2 2 5 2s5-.8 5-2",
  tray: "M2 9.5h3.5l1 2h3l1-2H14M2 9.5 4 3h8l2 6.5v4H2Z",
  shield: "M8 1.75 13 3.5v4.2c0 3.1-2.1 5.3-5 6.55-2.9-1.25-5-3.45-5-6.55V3.5ZM5.75 7.75l1.6 1.6 2.9-3.1",
  sun: "M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13.25 9.6A5.6 5.6 0 0 1 6.4 2.75a5.6 5.6 0 1 0 6.85 6.85Z",
  monitor: "M2 3h12v8H2ZM6 14h4M8 11v3",
  copy: "M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3",
  check: "m3 8.5 3.25 3.25L13 4.75",
  cross: "m4 4 8 8M12 4l-8 8",
  minus: "M4.5 8h7",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  back: "M13 8H3.5M7 4 3 8l4 4",
  lock: "M3.5 7.25h9V14h-9ZM5.25 7V5a2.75 2.75 0 0 1 5.5 0v2",
  hidden: "M2 8s2.2-4 6-4c1 0 1.9.3 2.7.7M14 8s-2.2 4-6 4c-1 0-1.9-.3-2.7-.7M2.5 13.5l11-11",
  alert: "M8 2.25 14.5 13.5h-13ZM8 6.5v3.25M8 11.6v.1",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.25V11M8 5v.1",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.75V8l2.25 1.5",
  phone: "M3.2 2.5h2.3l1.2 3-1.5 1.1c.7 1.5 1.7 2.5 3.2 3.2l1.1-1.5 3 1.2v2.3c0 .9-.7 1.5-1.5 1.5C6.6 12.9 3.1 9.4 1.7 4c0-.8.6-1.5 1.5-1.5Z",
  mail: "M2 3.5h12v9H2ZM2.25 4 8 8.75 13.75 4",
  card: "M1.75 3.5h12.5v9H1.75ZM1.75 6.5h12.5M4 10h2.5",
  bank: "M2 6.25 8 2.5l6 3.75ZM3 13.5h10M4 6.5v5M6.7 6.5v5M9.3 6.5v5M12 6.5v5",
  coins: "M6 8.5c2.2 0 4-.9 4-2.1S8.2 4.3 6 4.3s-4 .9-4 2.1.8 2.1 4 2.1ZM2 6.4v3.2c0 1.2 1.8 2.1 4 2.1M10 6.4c2.2 0 4 .9 4 2.1s-1.8 2.1-4 2.1-4-.9-4-2.1 1.8-2.1 4-2.1ZM6 8.5v3.2c0 1.2 1.8 2.1 4 2.1s4-.9 4-2.1V8.5",
  umbrella: "M8 1.5V3M2 9a6 6 0 0 1 12 0ZM8 9v3.5a1.5 1.5 0 0 1-3 0",
  sim: "M4 1.75h5L12.5 5v9.25H4ZM6.25 8h4v4h-4ZM8.25 8v4",
  leave: "M6.5 14h-4V2h4M6.5 8h7M10.5 5l3 3-3 3",
  keyboard: "M1.5 4h13v8.5h-13ZM4 6.75h.1M6.7 6.75h.1M9.3 6.75h.1M12 6.75h.1M5 9.75h6",
  filter: "M2 3h12L9.5 8.25V13l-3-1.5V8.25Z",
  chat: "M2 3h12v8H7.5L4.5 13.5V11H2Z",
  pin: "M8 14.25s-4.75-4-4.75-7.5a4.75 4.75 0 0 1 9.5 0c0 3.5-4.75 7.5-4.75 7.5ZM8 8.25a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
  globe: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c2 1.7 2.9 3.7 2.9 6S10 12.3 8 14C6 12.3 5.1 10.3 5.1 8S6 3.7 8 2Z",
  bell: "M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5ZM2 11.5h12M6.5 13.75h3",
  flag: "M3.5 14.25V2.25M3.5 2.75h9l-2 3 2 3h-9",
  download: "M8 2v8M4.75 7 8 10.25 11.25 7M2.5 13.5h11",
  refresh: "M13.25 8A5.25 5.25 0 1 1 11.5 4.1M13.5 1.75v3h-3",
  link: "M6.75 9.25a2.5 2.5 0 0 0 3.5 0l2.5-2.5a2.5 2.5 0 0 0-3.5-3.5l-.8.8M9.25 6.75a2.5 2.5 0 0 0-3.5 0l-2.5 2.5a2.5 2.5 0 0 0 3.5 3.5l.8-.8",
  split: "M3 2.5v3c0 1.5 1 2.5 2.5 2.5h5c1.5 0 2.5 1 2.5 2.5v3M13 2.5v3C13 7 12 8 10.5 8M3 13.5v-3C3 9 4 8 5.5 8",
  send: "M14 2 1.75 6.75 7 9l2.25 5.25ZM14 2 7 9",
  star: "m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.25 4.3 13.3l.8-4.1L2 6.3l4.2-.5Z",
  case: "M2 5h12v8.5H2ZM5.5 5V2.5h5V5M2 8.5h12",
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
}

export function Icon({ name, size = 16 }: IconProps) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
