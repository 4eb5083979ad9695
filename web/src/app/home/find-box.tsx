/** Find, on the first page: type and press Enter, or go on typing on the page of Find. */
import { Button, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { Icon } from "@/ui/icon";

import css from "./home.module.css";

export function FindBox({ onFind }: { readonly onFind: (q: string) => void }) {
  const [text, setText] = useState("");
  function send(event: SyntheticEvent) {
    event.preventDefault();
    onFind(text.trim());
  }
  return (
    <form role="search" className={css["find"]} onSubmit={send}>
      <TextInput
        size="md"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Name, phone, e-mail, account number or a key of any source"
        aria-label="Find a customer"
        data-hotkey="/"
        autoComplete="off"
        spellCheck={false}
        leftSection={<Icon name="search" />}
      />
      <Button type="submit" size="md">
        Find
      </Button>
    </form>
  );
}
