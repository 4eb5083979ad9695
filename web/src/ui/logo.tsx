/** The mark: one sheet, folded once. */

export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M3 5.5 12 2l9 3.5v9L12 11 3 14.5Z" fill="var(--series-1)" />
      <path d="M3 14.5 12 11l9 3.5-9 7.5Z" fill="var(--series-1)" opacity="0.55" />
    </svg>
  );
}
