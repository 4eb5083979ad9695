// Sends identify, track × N and page with RudderStack's own client, and ends when each is delivered or given up.
import RudderAnalytics from "@rudderstack/rudder-sdk-node";

const [host, writeKey, user, count] = process.argv.slice(2);
const Client = RudderAnalytics.default ?? RudderAnalytics;
const client = new Client(writeKey, { dataPlaneUrl: host, flushAt: 10, flushInterval: 100, logLevel: "none" });
const call = (kind, message) =>
  new Promise((done, failed) => client[kind](message, (error) => (error ? failed(error) : done())));

const sent = [call("identify", { userId: user, traits: { email: `${user}@post.example`, firstName: "Rudder" } })];
for (let number = 0; number < Number(count); number++) {
  sent.push(call("track", { userId: user, event: `step ${number}`, properties: { screen: "test" } }));
}
sent.push(call("page", { userId: user, name: "last page" }));
await Promise.all(sent);
console.log("delivered");
process.exit(0);
