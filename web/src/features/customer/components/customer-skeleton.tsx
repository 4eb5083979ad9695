/** The shape of the customer page while it is on its way, so that nothing jumps when it arrives. */
import { Skeleton } from "@mantine/core";

import { Panel } from "@/ui/panel";
import { Lines } from "@/ui/states";

import css from "./customer-frame.module.css";

export function CustomerSkeleton() {
  return (
    <div className={css["frame"]} aria-busy="true">
      <div className={css["head"]}>
        <Skeleton height={44} circle />
        <div>
          <Skeleton height={18} width={240} mb={8} />
          <Skeleton height={12} width={320} />
        </div>
      </div>
      <div className={css["columns"]}>
        <Panel>
          <Lines count={14} />
        </Panel>
        <div className={css["main"]}>
          <Skeleton height={34} />
          <Skeleton height={86} />
          <Panel>
            <Lines count={10} height={14} gap={18} />
          </Panel>
        </div>
      </div>
    </div>
  );
}
