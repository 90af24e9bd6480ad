// A matter is set up from raw exports, an HR report and a CRM list as their systems write them, with the keyboard alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { go, sample, saved, settled, tabTo } from './page.mjs';
import { check, equal, file, root, test } from './suite.mjs';

const day = (n) => new Date(Date.UTC(2025, 0, 6 + n));
const two = (n) => String(n).padStart(2, '0');

/// A WhatsApp chat of Ana Silva with a contact of a client whose name on the phone is not that of the list.
function chat(messages) {
  const lines = [];
  for (let n = 0; n < messages; n += 1) {
    const d = day(n);
    const who = n % 3 ? 'Ana Silva' : 'Wen Xu (Fabrikam)';
    lines.push(`[${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}, 10:${two(n % 60)}:00] ${who}: Order ${n}, price and delivery as agreed`);
  }
  return `${lines.join('\n')}\n`;
}

function mbox(messages) {
  let out = '';
  for (let n = 0; n < messages; n += 1) {
    const d = day(n);
    const [from, to] = n % 2 ? ['ana.silva@firm.example', 'yan@fabrikam.example'] : ['yan@fabrikam.example', 'ana.silva@firm.example'];
    out += `From ${from} ${d.toUTCString()}\nFrom: <${from}>\nTo: <${to}>\nDate: ${d.toUTCString().replace('GMT', '+0000')}\nSubject: Invoice ${n}\nMessage-ID: <m${n}@firm.example>\n\nPlease find the invoice.\n\n`;
  }
  return out;
}

function sms(messages) {
  let out = 'timestamp,channel,sender,recipients,text\n';
  for (let n = 0; n < messages; n += 1) out += `${day(n).toISOString()},sms,${n % 2 ? '+447700900142' : '+8613800138001'},${n % 2 ? '+8613800138001' : '+447700900142'},Shipment ${n} is on its way\n`;
  return out;
}

async function view(page, key, title) {
  await page.keyboard.press('Escape');
  // Single keys are for what is no field.
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await page.waitForFunction((title) => document.title.startsWith(title), title);
  await page.locator('main h1').first().waitFor();
}

test('a matter is set up with the keyboard: exports, HR report, CRM list, rule, join, class', async (t) => {
  const page = await t.open('/import', { viewport: { width: 1280, height: 900 } });
  const shot = async (name) => { if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `setup-${name}.png`), fullPage: true }); };
  const paths = [
    file('setup/WhatsApp Chat with Wen Xu (Fabrikam).txt', chat(120)),
    file('setup/archive.mbox', mbox(80)),
    file('setup/sms-export.csv', sms(60)),
    file('setup/All Workers.csv', readFileSync(join(root, 'tests/lists/workday.csv'))),
    file('setup/hubspot-crm-exports-all-contacts.csv', readFileSync(join(root, 'tests/lists/hubspot.csv'))),
  ];
  // 1. All files at once; lists among them are known by their headings.
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, 'button.btn.p.l');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(paths);
  await settled(page, 3);
  await page.getByText('3 people').first().waitFor();
  await page.getByText('2 clients').first().waitFor();
  equal(await page.getByTestId('source-row').count(), 3, 'rows of exports');
  await shot('1-import');
  // 2. Columns are shown with their first values, and can be read otherwise.
  await tabTo(page, 'details.tab > summary');
  await page.keyboard.press('Enter');
  const columns = page.getByTestId('column-row');
  await columns.first().waitFor();
  check((await columns.allInnerTexts()).some((row) => row.includes('Primary Work Email') && row.toLowerCase().includes('ana.silva@firm.example')), 'no first values beside the headings');
  await shot('2-columns');
  // 3. A rule.
  await view(page, 'y', 'Policy');
  await tabTo(page, '[data-testid=add-rule]');
  await page.keyboard.type('FCA SYSC 10A');
  await tabTo(page, '[data-testid=add-rule] ~ *, form button.btn[type=submit]');
  await page.keyboard.press('Enter');
  await page.getByTestId('rule-row').first().waitFor();
  equal(await page.getByTestId('rule-row').count(), 1, 'rules chosen');
  // The reference comes with the answers.
  await page.getByTestId('rule-reference').first().waitFor();
  await shot('3-policy');
  // 4. A likely join.
  await view(page, 'w', 'Who is who');
  await tabTo(page, '[data-testid=decided-by]');
  await page.keyboard.type('C. Officer');
  const proposal = page.getByTestId('proposal-row').filter({ hasText: 'Wen Xu' });
  await proposal.first().waitFor();
  await shot('4-proposals');
  const waiting = await page.getByTestId('proposal-row').count();
  await tabTo(page, '[data-testid=proposal-row] button.btn:not(.t)');
  await page.keyboard.press('Enter');
  await page.getByTestId('decision-row').first().waitFor();
  check((await page.getByTestId('decision-row').first().innerText()).includes('C. Officer'), 'the decision does not say who made it');
  equal(await page.getByTestId('proposal-row').count(), waiting - 1, 'proposals after one was accepted');
  await shot('5-decided');
  // 5. The answers rest on all of it.
  await view(page, 'h', 'Channels');
  await page.getByTestId('channel-chart').first().waitFor();
  await shot('6-channels');
  await view(page, 'p', 'People');
  await page.getByTestId('leaver-row').first().waitFor();
  await shot('7-people');
  // 6. All of it stands in matter.toml.
  await view(page, 'y', 'Policy');
  await tabTo(page, '[data-testid=save-policy]');
  const toml = readFileSync(await saved(page, () => page.keyboard.press('Enter')), 'utf8');
  for (const part of ['uk-fca-sysc10a', '[[identity]]', 'C. Officer']) check(toml.includes(part), `matter.toml lacks ${part}:\n${toml}`);
});

test('settings, holds and classes change the answers, and can be taken back', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/policy');
  await page.getByTestId('add-hold').click();
  await page.getByLabel('Name of the hold').fill('Harbour inquiry');
  await page.getByRole('button', { name: 'Add this hold' }).click();
  await page.getByTestId('hold-row').first().waitFor();
  await page.getByTestId('mode-content').check();
  await page.waitForFunction(() => document.querySelector('[data-testid=mode-content]')?.checked);
  for (const kind of ['employees', 'council']) {
    const text = readFileSync(await saved(page, () => page.getByTestId(`notice-${kind}`).click()), 'utf8');
    check(text.includes('5') && /content/i.test(text), `the notice (${kind}) does not speak of content`);
  }
  await go(page, '/identities');
  const rows = page.getByTestId('conversation-row');
  await rows.first().waitFor();
  check((await rows.getByRole('button', { name: /Is work/ }).count()) > 0, 'no conversation to correct');
  await rows.getByRole('button', { name: /Is work/ }).first().click();
  await page.getByTestId('decide-reason').fill('Known to be about work');
  await page.getByRole('dialog').getByLabel('Your name').fill('C. Officer');
  await page.getByRole('button', { name: 'Decide', exact: true }).click();
  await page.getByRole('button', { name: 'Take back' }).first().waitFor();
  await page.getByRole('button', { name: 'Take back' }).first().click();
  await page.waitForFunction(() => ![...document.querySelectorAll('[data-testid=conversation-row] button')].some((b) => b.textContent === 'Take back'));
});

test('an opening of text is noted: who, why, when and how much', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/policy');
  await page.getByTestId('mode-content').check();
  await go(page, '/coverage');
  await page.locator('[data-testid=gap-row][data-class=A] a').first().click();
  const panel = page.getByTestId('evidence-panel');
  await panel.locator('table.ev tr[aria-current]').waitFor();
  await panel.getByRole('button', { name: 'Reveal text…' }).click();
  await page.getByLabel('Reason').fill('Checking the export');
  await page.getByLabel('Your name').fill('C. Officer');
  await page.getByRole('button', { name: 'Reveal text', exact: true }).click();
  await panel.locator('.said').first().waitFor();
  await go(page, '/policy');
  const log = await page.getByTestId('reveal-log').last().innerText();
  for (const part of ['C. Officer', 'Checking the export']) check(log.includes(part), `the log lacks ${part}: ${log}`);
  await go(page, '/report');
  await page.waitForFunction(() => document.querySelector('[data-testid=report-preview]')?.innerText.includes('Checking the export'));
});
