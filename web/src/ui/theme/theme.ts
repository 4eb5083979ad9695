/** How Mantine's parts are set up here. Colours and sizes are CSS variables in tokens.css, not theme values. */
import { ActionIcon, Button, Menu, Modal, PasswordInput, Popover, Select, TextInput, Tooltip, createTheme } from "@mantine/core";

// Transitions are short and none is needed to understand a change.
const quick = { transition: "fade", duration: 80 } as const;

export const theme = createTheme({
  respectReducedMotion: true,
  cursorType: "pointer",
  defaultRadius: "var(--radius)",
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 28 } }),
    Button: Button.extend({ defaultProps: { size: "xs", fw: 550 } }),
    Menu: Menu.extend({ defaultProps: { transitionProps: quick, radius: "var(--radius)" } }),
    // Locking the page's scroll would insert a style element, which the content security policy refuses.
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        transitionProps: quick,
        centered: true,
        radius: "lg",
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { "aria-label": "Close" },
      },
    }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: "sm" } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: quick } }),
    Select: Select.extend({ defaultProps: { size: "xs", checkIconPosition: "right", allowDeselect: false } }),
    TextInput: TextInput.extend({ defaultProps: { size: "xs" } }),
    Tooltip: Tooltip.extend({ defaultProps: { transitionProps: quick, openDelay: 250, events: { hover: true, focus: true, touch: true } } }),
  },
});
