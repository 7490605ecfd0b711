// Runs the official octokit client against a GitHub-compatible server and holds every answer to GitHub's OpenAPI description, every
// webhook to that of webhooks. GITHUB_API_URL, GITHUB_TOKEN, APP_KEY_FILE
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { App, Octokit } from "octokit";
import { Webhooks } from "@octokit/webhooks";

const require = createRequire(import.meta.url);
const rest = require("@octokit/openapi/generated/api.github.com.json");
const hooks = require("@octokit/openapi-webhooks/generated/api.github.com.json");
const baseUrl = process.env.GITHUB_API_URL;
const owner = "slipway";
const repo = `conformance-${process.pid}`;

// OpenAPI 3.0 says "nullable" where JSON Schema has a type more, and knows formats that say nothing about text
function schemaOf(node) {
  if (Array.isArray(node)) return node.map(schemaOf);
  if (node === null || typeof node !== "object") return node;
  const { nullable, discriminator, example, examples, ...others } = node;
  const schema = Object.fromEntries(Object.entries(others).map(([name, value]) => [
    // of two schemas that an answer may have, errors often fit both: "one of them" is what is meant
    name === "oneOf" ? "anyOf" : name,
    name === "enum" || name === "default" ? value : schemaOf(value),
  ]));
  if (!nullable) return schema;
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
  return { anyOf: [schema, { type: "null" }] };
}

function validatorOf(document, name) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false, inlineRefs: false });
  addFormats(ajv, ["date-time", "uri"]);
  ajv.addSchema({ $id: name, components: { schemas: schemaOf(document.components.schemas), responses: schemaOf(document.components.responses ?? {}) } });
  const compiled = new Map();
  return (key, schema) => {
    if (!compiled.has(key)) {
      const absolute = JSON.parse(JSON.stringify(schemaOf(schema)).replaceAll('"#/components/', `"${name}#/components/`));
      compiled.set(key, ajv.compile(absolute));
    }
    return (value) => (compiled.get(key)(value) ? [] : compiled.get(key).errors);
  };
}

const restValidator = validatorOf(rest, "rest");
const hookValidator = validatorOf(hooks, "hooks");
const problems = [];
const seen = new Set();

function resolve(document, node) {
  return node?.$ref ? node.$ref.slice(2).split("/").reduce((at, part) => at[part], document) : node;
}

function check(method, template, status, data) {
  const path = Object.keys(rest.paths).find((known) => known.replace(/\{[^}]+\}/g, "{}") === template.replace(/\{[^}]+\}/g, "{}"));
  const route = `${method} ${template} ${status}`;
  seen.add(route);
  // a page that an answer linked to has no template any more
  if (!path && template.startsWith(`/repos/${owner}/`)) return undefined;
  const operation = path && rest.paths[path][method.toLowerCase()];
  if (!operation) return problems.push(`${route}: no such operation`);
  const response = resolve(rest, operation.responses[String(status)]);
  // any operation may be forbidden, whether it says so or not
  if (!response && status !== 403) return problems.push(`${route}: no such status`);
  const schema = (response ?? rest.components.responses.forbidden).content?.["application/json"]?.schema;
  if (!schema) return undefined;
  for (const error of restValidator(route, schema)(data)) {
    // the description of this one list has an account be a user and an enterprise at once
    if (route === "GET /app/installations 200" && /^\/\d+\/account$/.test(error.instancePath)) continue;
    // once a fork was deleted GitHub answers null, which its description does not know
    if (error.instancePath === "/head/repo" && data.head.repo === null) continue;
    problems.push(`${route}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  }
  return undefined;
}

const template = (options) => options.url.replace(baseUrl, "").replace(/\?.*$/, "");
function held(octokit) {
  octokit.hook.wrap("request", async (request, options) => {
    const { method } = options;
    const url = template(options);
    try {
      const response = await request(options);
      if (!url.startsWith("/repositories/")) check(method, url, response.status, response.data);
      return response;
    } catch (error) {
      if (error.response) check(method, url, error.status, error.response.data);
      throw error;
    }
  });
  return octokit;
}

const quiet = { debug() {}, info() {}, warn() {}, error: console.error };
const options = { baseUrl, throttle: { enabled: false }, retry: { enabled: false }, log: quiet };
const octokit = held(new Octokit({ ...options, auth: process.env.GITHUB_TOKEN }));
const app = new App({
  appId: 1,
  privateKey: readFileSync(process.env.APP_KEY_FILE, "utf8"),
  Octokit: Octokit.defaults(options),
});

let passed = 0;
let failed = 0;
async function test(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${error.stack}`);
  }
}

const refused = (promise, status) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.status, status, error.message);
    return true;
  });

const received = [];
const webhooks = new Webhooks({ secret: "secret of the check" });
const receiver = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const body = Buffer.concat(chunks).toString("utf8");
    const name = request.headers["x-github-event"];
    const signed = await webhooks.verify(body, request.headers["x-hub-signature-256"]);
    received.push({ name, payload: JSON.parse(body), signed });
    response.writeHead(202).end();
  });
});
await new Promise((done) => receiver.listen(0, "127.0.0.1", done));
const until = async (what, holds) => {
  for (let i = 0; i < 200; i++) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited in vain for ${what}`);
};

const here = { owner, repo };
const content = (text) => Buffer.from(text).toString("base64");
let main;

await test("repositories", async () => {
  const made = await octokit.rest.repos.createForAuthenticatedUser({ name: repo, auto_init: true });
  assert.equal(made.data.full_name, `${owner}/${repo}`);
  await octokit.rest.repos.get(here);
  await refused(octokit.rest.repos.get({ owner, repo: "none" }), 404);
  await refused(octokit.rest.repos.createForAuthenticatedUser({ name: repo }), 422);
  await octokit.rest.repos.listForAuthenticatedUser({ per_page: 1 });
  await octokit.rest.repos.update({ ...here, description: "held to its description" });
  await octokit.rest.users.getAuthenticated();
  await octokit.rest.meta.get();
  await octokit.rest.rateLimit.get();
});

await test("hooks", async () => {
  const hook = await octokit.rest.repos.createWebhook({
    ...here,
    events: ["*"],
    config: { url: `http://127.0.0.1:${receiver.address().port}/`, content_type: "json", secret: "secret of the check" },
  });
  await until("the ping", () => received.some((each) => each.name === "ping"));
  await octokit.rest.repos.listWebhooks(here);
  await octokit.rest.repos.getWebhook({ ...here, hook_id: hook.data.id });
  await octokit.rest.repos.getWebhookConfigForRepo({ ...here, hook_id: hook.data.id });
  await octokit.rest.repos.pingWebhook({ ...here, hook_id: hook.data.id });
  await until("another ping", () => received.filter((each) => each.name === "ping").length > 1);
  let deliveries = [];
  await until("its delivery", () => received.length > 1);
  deliveries = (await octokit.rest.repos.listWebhookDeliveries({ ...here, hook_id: hook.data.id })).data;
  const one = { ...here, hook_id: hook.data.id, delivery_id: deliveries[0].id };
  await octokit.rest.repos.getWebhookDelivery(one);
  await octokit.rest.repos.redeliverWebhookDelivery(one);
});

await test("contents, commits, references", async () => {
  main = (await octokit.rest.git.getRef({ ...here, ref: "heads/main" })).data.object.sha;
  await octokit.rest.git.createRef({ ...here, ref: "refs/heads/work", sha: main });
  await refused(octokit.rest.git.createRef({ ...here, ref: "refs/heads/work", sha: main }), 422);
  await octokit.rest.git.createRef({ ...here, ref: "refs/heads/feature/two", sha: main });
  const put = await octokit.rest.repos.createOrUpdateFileContents({ ...here, path: "src/a.txt", branch: "work", message: "Add a", content: content("one\n") });
  const file = await octokit.rest.repos.getContent({ ...here, path: "src/a.txt", ref: "work" });
  assert.equal(Buffer.from(file.data.content, "base64").toString(), "one\n");
  await octokit.rest.repos.getContent({ ...here, path: "src", ref: "work" });
  await octokit.rest.repos.createOrUpdateFileContents({ ...here, path: "src/a.txt", branch: "work", message: "Change a", content: content("two\n"), sha: put.data.content.sha });
  await refused(octokit.rest.repos.createOrUpdateFileContents({ ...here, path: "src/a.txt", branch: "work", message: "x", content: "", sha: put.data.content.sha }), 409);
  await octokit.rest.repos.listCommits({ ...here, sha: "work" });
  await octokit.rest.repos.getCommit({ ...here, ref: "work" });
  await octokit.rest.git.getCommit({ ...here, commit_sha: put.data.commit.sha });
  await octokit.rest.git.getTree({ ...here, tree_sha: "work", recursive: "1" });
  await octokit.rest.git.getBlob({ ...here, file_sha: put.data.content.sha });
  await octokit.rest.repos.compareCommitsWithBasehead({ ...here, basehead: "main...work" });
  await octokit.rest.repos.listBranches(here);
  await octokit.rest.repos.getBranch({ ...here, branch: "feature/two" });
  await octokit.rest.git.listMatchingRefs({ ...here, ref: "heads/" });
  await octokit.rest.git.deleteRef({ ...here, ref: "heads/feature/two" });
  const all = await octokit.paginate(octokit.rest.repos.listCommits, { ...here, sha: "work", per_page: 1 });
  assert.equal(all.length, 3);
});

await test("pull requests, reviews, comments, labels", async () => {
  const made = await octokit.rest.pulls.create({ ...here, title: "Change", head: "work", base: "main", body: "Why" });
  const one = { ...here, pull_number: made.data.number };
  const issue = { ...here, issue_number: made.data.number };
  await refused(octokit.rest.pulls.create({ ...here, title: "Change", head: "work", base: "main" }), 422);
  await octokit.rest.pulls.get(one);
  assert.equal((await octokit.rest.pulls.get(one)).data.mergeable, true);
  assert.equal((await octokit.rest.pulls.list({ ...here, head: `${owner}:work` })).data.length, 1);
  await octokit.rest.pulls.update({ ...one, title: "Another" });
  await octokit.rest.pulls.listFiles(one);
  await octokit.rest.pulls.listCommits(one);
  await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha: made.data.head.sha });
  await refused(octokit.rest.pulls.createReview({ ...one, event: "APPROVE" }), 422);
  await octokit.rest.pulls.createReview({ ...one, event: "COMMENT", body: "So so" });
  await octokit.rest.pulls.listReviews(one);
  const remark = { path: "src/a.txt", line: 1, side: "RIGHT", body: "Why two?" };
  await octokit.rest.pulls.createReview({ ...one, event: "COMMENT", comments: [remark] });
  const line = await octokit.rest.pulls.createReviewComment({ ...one, ...remark, commit_id: made.data.head.sha });
  await refused(octokit.rest.pulls.createReviewComment({ ...one, ...remark, path: "none.txt", commit_id: made.data.head.sha }), 422);
  await octokit.rest.pulls.createReplyForReviewComment({ ...one, comment_id: line.data.id, body: "Because" });
  await octokit.rest.pulls.getReviewComment({ ...here, comment_id: line.data.id });
  await octokit.rest.pulls.updateReviewComment({ ...here, comment_id: line.data.id, body: "Why two of them?" });
  assert.equal((await octokit.rest.pulls.listReviewComments(one)).data.length, 3);
  await octokit.rest.pulls.deleteReviewComment({ ...here, comment_id: line.data.id });
  assert.equal((await octokit.rest.pulls.get(one)).data.review_comments, 2);
  const comment = await octokit.rest.issues.createComment({ ...issue, body: "Hello" });
  await octokit.rest.issues.listComments(issue);
  await octokit.rest.issues.updateComment({ ...here, comment_id: comment.data.id, body: "Hello again" });
  await octokit.rest.issues.getComment({ ...here, comment_id: comment.data.id });
  await octokit.rest.issues.deleteComment({ ...here, comment_id: comment.data.id });
  await octokit.rest.issues.addLabels({ ...issue, labels: ["bug"] });
  await octokit.rest.issues.removeLabel({ ...issue, name: "bug" });
  await octokit.rest.issues.get(issue);
  await octokit.rest.issues.createLabel({ ...here, name: "later", color: "ff0000" });
  await octokit.rest.issues.listLabelsForRepo(here);
});

await test("the App, its checks, its approval", async () => {
  held(app.octokit);
  await app.octokit.rest.apps.getAuthenticated();
  await app.octokit.rest.apps.listInstallations();
  const installation = await app.octokit.rest.apps.getRepoInstallation(here);
  const bot = held(await app.getInstallationOctokit(installation.data.id));
  await bot.rest.apps.listReposAccessibleToInstallation();
  const sha = (await bot.rest.git.getRef({ ...here, ref: "heads/work" })).data.object.sha;
  const run = await bot.rest.checks.create({ ...here, name: "build", head_sha: sha, status: "in_progress" });
  await bot.rest.checks.update({ ...here, check_run_id: run.data.id, conclusion: "success", output: { title: "Built", summary: "All of it" } });
  await bot.rest.checks.get({ ...here, check_run_id: run.data.id });
  await bot.rest.checks.listForRef({ ...here, ref: "work" });
  await bot.rest.checks.listSuitesForRef({ ...here, ref: "work" });
  await refused(octokit.rest.checks.create({ ...here, name: "build", head_sha: sha }), 403);
  await octokit.rest.repos.createCommitStatus({ ...here, sha, state: "success", context: "ci" });
  await octokit.rest.repos.getCombinedStatusForRef({ ...here, ref: "work" });
  await octokit.rest.repos.listCommitStatusesForRef({ ...here, ref: "work" });
  await octokit.rest.repos.updateBranchProtection({
    ...here,
    branch: "main",
    required_status_checks: { strict: false, contexts: ["ci", "build"] },
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: null,
  });
  await octokit.rest.repos.getBranchProtection({ ...here, branch: "main" });
  await refused(octokit.rest.pulls.merge({ ...here, pull_number: 1 }), 405);
  await bot.rest.pulls.createReview({ ...here, pull_number: 1, event: "APPROVE" });
  await refused(octokit.rest.pulls.merge({ ...here, pull_number: 1, sha: main }), 409);
  const merged = await octokit.rest.pulls.merge({ ...here, pull_number: 1, merge_method: "squash" });
  assert.equal(merged.data.merged, true);
  await octokit.rest.pulls.checkIfMerged({ ...here, pull_number: 1 });
  await octokit.rest.repos.deleteBranchProtection({ ...here, branch: "main" });
});

await test("rulesets, and pull requests from a fork", async () => {
  const ruleset = await octokit.rest.repos.createRepoRuleset({
    ...here,
    name: "nothing below closed",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/heads/closed/**"], exclude: [] } },
    rules: [{ type: "creation" }],
  });
  await octokit.rest.repos.getRepoRulesets(here);
  await octokit.rest.repos.getRepoRuleset({ ...here, ruleset_id: ruleset.data.id });
  await refused(octokit.rest.git.createRef({ ...here, ref: "refs/heads/closed/x", sha: main }), 422);
  await octokit.rest.repos.deleteRepoRuleset({ ...here, ruleset_id: ruleset.data.id });
  const fork = await octokit.rest.repos.createFork({ ...here, organization: "others" });
  assert.equal(fork.data.parent.full_name, `${owner}/${repo}`);
  assert.equal((await octokit.rest.repos.listForks(here)).data.length, 1);
  const there = { owner: "others", repo };
  await octokit.rest.repos.get(there);
  const tip = (await octokit.rest.git.getRef({ ...there, ref: "heads/main" })).data.object.sha;
  await octokit.rest.git.createRef({ ...there, ref: "refs/heads/topic", sha: tip });
  await octokit.rest.repos.createOrUpdateFileContents({ ...there, path: "b.txt", branch: "topic", message: "Add b", content: content("b\n") });
  const made = await octokit.rest.pulls.create({ ...here, title: "From a fork", head: "others:topic", base: "main" });
  assert.equal(made.data.head.label, "others:topic");
  assert.notEqual(made.data.head.repo.id, made.data.base.repo.id);
  assert.equal((await octokit.rest.pulls.list({ ...here, head: "others:topic" })).data.length, 1);
  await octokit.rest.repos.createOrUpdateFileContents({ ...here, path: "c.txt", message: "Add c", content: content("c\n") });
  await octokit.rest.pulls.updateBranch({ ...here, pull_number: made.data.number });
  await refused(octokit.rest.pulls.updateBranch({ ...here, pull_number: made.data.number }), 422);
  await octokit.rest.users.getByUsername({ username: "others" });
  await octokit.rest.repos.listForUser({ username: "others" });
  await octokit.rest.repos.delete(there);
  await octokit.rest.pulls.get({ ...here, pull_number: made.data.number });
});

await test("webhooks are signed and in GitHub's shape", async () => {
  const wanted = [
    "ping", "create", "push", "delete", "status", "check_run.created", "check_run.completed", "check_suite.completed",
    "issue_comment.created", "issue_comment.edited", "issue_comment.deleted", "pull_request.opened", "pull_request.edited",
    "pull_request.labeled", "pull_request.unlabeled", "pull_request.closed", "pull_request.synchronize", "pull_request_review.submitted",
    "pull_request_review_comment.created", "pull_request_review_comment.edited", "pull_request_review_comment.deleted",
  ];
  const names = () => new Set(received.map(({ name, payload }) => (payload.action ? `${name}.${payload.action}` : name)));
  await until(wanted.filter((each) => !names().has(each)).join(), () => wanted.every((each) => names().has(each)));
  for (const { name, payload, signed } of received) {
    const full = payload.action ? `${name}.${payload.action}` : name;
    assert.ok(signed, full);
    const key = (payload.action ? `${name}-${payload.action}` : name).replaceAll("_", "-");
    const operation = hooks.webhooks?.[key] ?? hooks["x-webhooks"]?.[key] ?? hooks.paths?.[key];
    const schema = operation?.post.requestBody.content["application/json"].schema;
    if (!schema) {
      problems.push(`webhook ${full}: no such webhook`);
      continue;
    }
    for (const error of hookValidator(key, schema)(payload).slice(0, 5)) {
      problems.push(`webhook ${full}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
    }
  }
});

await test("every answer is as GitHub describes it", async () => {
  assert.ok(seen.size > 60, `${seen.size} kinds of answers`);
  assert.deepEqual([...new Set(problems)], []);
});

receiver.close();
console.log(`${passed} passed, ${failed} failed, ${seen.size} kinds of answers`);
process.exitCode = failed ? 1 : 0;
