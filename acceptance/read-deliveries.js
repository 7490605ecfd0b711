// Reads github.deliveries with clients that are none of ours, up to where it ends now, and prints
// what it found as JSON: [{partition, offset, key, headers, value, body}], body in base64; of a record
// that is not in the registry's wire format only the place. TOPIC says which, when it has a prefix.
import { kafka, registry } from "./clients.js";

const topic = process.env.TOPIC ?? "github.deliveries";
const admin = kafka.admin();
await admin.connect();
const remaining = new Map();
for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
  if (Number(high) > Number(low)) {
    remaining.set(partition, Number(high));
  }
}

const groupId = `read-deliveries-${process.pid}`;
const consumer = kafka.consumer({ groupId, readUncommitted: false, maxBytes: 64 * 1024 * 1024 });
const found = [];
if (remaining.size > 0) {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          try {
            for (const message of batch.messages) {
              found.push(readable(message) ? await decode(batch.partition, message) : place(batch.partition, message));
            }
          } catch (error) {
            reject(error);
            throw error;
          }
          if (Number(batch.lastOffset()) + 1 >= remaining.get(batch.partition)) {
            remaining.delete(batch.partition);
          }
          if (remaining.size === 0) {
            resolve();
          }
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  await admin.deleteGroups([groupId]);
}
await admin.disconnect();
process.stdout.write(JSON.stringify(found, (_, value) => (typeof value === "bigint" ? plain(value) : value)));

function plain(value) {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

// Tests that share an installation write what no client can read, to see it become a dead letter.
function readable(message) {
  return message.value?.[0] === 0;
}

function place(partition, message) {
  return { partition, offset: Number(message.offset) };
}

async function decode(partition, message) {
  const value = await registry.decode(message.value);
  // A union of two records comes wrapped in the name of the one it is.
  const [branch, content] = Object.entries(value.body)[0];
  const webhook = /WebhookReceived|GitHubObserved/.test(branch) ? content : value.body;
  const { body, ...fields } = webhook;
  const headers = {};
  for (const [name, header] of Object.entries(message.headers ?? {})) {
    headers[name] = header.toString();
  }
  return {
    ...place(partition, message),
    key: message.key?.toString() ?? null,
    headers,
    tenant: value.context.tenant,
    ...fields,
    body: body.toString("base64"),
  };
}
