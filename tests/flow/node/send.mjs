// Sends identify, page, track × N and alias with Segment's own client, and ends when all is delivered or given up.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, user, count] = process.argv.slice(2);
const analytics = new Analytics({
  host,
  writeKey,
  flushAt: 10,
  flushInterval: 200,
  maxRetries: 30,
  httpRequestTimeout: 5000,
});
analytics.on("error", (error) => console.error(`failed: ${error.code}`));

analytics.identify({ userId: user, traits: { email: `${user}@post.example`, firstName: "Node", lastName: "Client" } });
for (let number = 0; number < Number(count); number++) {
  analytics.track({ userId: user, event: `step ${number}`, properties: { screen: "test" } });
  await new Promise((resolve) => setTimeout(resolve, 2));
}
analytics.page({ userId: user, name: "last page" });
analytics.alias({ userId: user, previousId: `${user}-device` });
await analytics.closeAndFlush({ timeout: 120000 });
console.log("delivered");
