// Files as they come: damaged, too large to wait for, undecided, given twice.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { audit, check, equal, file, scratch, test } from './suite.mjs';
import { answers, give, go, row, rows, settled, until } from './page.mjs';

const two = (n) => String(n).padStart(2, '0');
/// A chat whose days are above 12: the order of day and month shows.
const clear = (lines) => Array.from({ length: lines }, (_, i) => `${13 + Math.floor(i / 24) % 15}/03/2025, ${two(i % 24)}:15 - ${i % 3 ? 'Anna Berg' : 'Li Wei'}: note ${i}\n`).join('');
/// A chat whose dates read both ways.
const unclear = Array.from({ length: 8 }, (_, i) => `${two(i + 2)}/${two(i + 3)}/2025, 09:${two(i)} - ${i % 2 ? 'Omar Haddad' : 'Mei Tan'}: item ${i}\n`).join('');

test('damaged files fail with a sentence each, the others are read', async (t) => {
  const picture = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082', 'hex');
  // A zip cut before its directory.
  const zip = Buffer.concat([Buffer.from('504b03041400000008000000210000000000', 'hex'), Buffer.alloc(400, 7)]);
  const telegram = JSON.stringify({ name: 'Desk', type: 'private_group', id: 4, messages: Array.from({ length: 20 }, (_, i) => ({ id: i + 1, type: 'message', date: `2025-03-${two(i + 1)}T10:00:00`, date_unixtime: String(1740823200 + i * 86400), from: 'Ada', from_id: 'user1', text: 'hello', text_entities: [] })) });
  const bad = [file('empty.txt', ''), file('picture.png', picture), file('cut.zip', zip), file('result.json', telegram.slice(0, telegram.length - 400))];
  const page = await t.open('/import');
  await give(page, 'files-input', [...bad, file('WhatsApp Chat with Good.txt', clear(30))]);
  await settled(page, 5);
  const all = new Map((await rows(page)).map((r) => [r.name, r]));
  equal([all.get('WhatsApp Chat with Good.txt').status, all.get('WhatsApp Chat with Good.txt').messages], ['done', 30], 'the good file');
  for (const name of ['empty.txt', 'picture.png', 'cut.zip']) {
    equal(all.get(name).status, 'failed', `status of ${name}`);
    const said = await row(page, name).getByRole('alert').innerText();
    check(/This file could not be read/.test(said) && said.split('\n').some((part) => part.trim().endsWith('.') && part.length > 25), `no sentence for ${name}: ${said}`);
  }
  // What stands before the cut may be kept, but the cut must be told.
  const cut = all.get('result.json');
  check(cut.status === 'failed' || (cut.status === 'done' && /skipped|cut|end/i.test(cut.text)), `the truncated file says nothing: ${cut.status} ${cut.text}`);
  check(cut.messages < 20, 'the truncated file claims all messages');
});

test('a large file is cancelled; the page and the other file go on', async (t) => {
  const path = join(scratch, 'large.mbox');
  const mail = (i) => `From a@firm.example Mon Mar  3 10:00:00 2025\nFrom: Ada <a@firm.example>\nTo: Li <li@client.example>\nDate: Mon, 3 Mar 2025 10:00:00 +0000\nMessage-ID: <${i}@firm.example>\nSubject: position ${i}\n\nThe figures of the day.\n\n`;
  const block = Buffer.from(Array.from({ length: 4000 }, (_, i) => mail(i)).join(''));
  const out = openSync(path, 'w');
  for (let written = 0; written < 300e6; written += block.length) writeSync(out, block);
  closeSync(out);
  const page = await t.open('/import');
  await give(page, 'files-input', [path, file('WhatsApp Chat with Beside.txt', clear(25))]);
  await until(page, 'large.mbox', 'reading');
  await row(page, 'large.mbox').getByRole('button', { name: 'Cancel' }).click();
  await until(page, 'large.mbox', 'cancelled');
  await until(page, 'WhatsApp Chat with Beside.txt', 'done');
  await settled(page, 2);
  const all = await rows(page);
  equal(all.map((r) => [r.name, r.status]).sort(), [['WhatsApp Chat with Beside.txt', 'done'], ['large.mbox', 'cancelled']], 'rows');
  const found = await answers(page);
  equal([found.ledger.totals.files, found.ledger.totals.messages], [1, 25], 'what is counted after the cancel');
});

test('the order of day and month is asked for and answered', async (t) => {
  const page = await t.open('/import');
  await give(page, 'files-input', [file('WhatsApp Chat with Mei.txt', unclear)]);
  await settled(page);
  const asked = row(page, 'WhatsApp Chat with Mei.txt');
  equal(await asked.getAttribute('data-status'), 'question', 'status');
  await asked.getByText('Which comes first in the dates of this file, day or month?').waitFor();
  await asked.getByLabel('Month first').check();
  await asked.getByRole('button', { name: 'Use month first' }).click();
  await until(page, 'WhatsApp Chat with Mei.txt', 'done');
  await settled(page);
  equal(await asked.getAttribute('data-messages'), '8', 'messages');
  const found = await answers(page);
  const source = found.ledger.sources[0];
  equal([source.date_order.value, source.date_order.basis, source.first.slice(0, 10), source.last.slice(0, 10)], ['mdy', 'stated', '2025-02-03', '2025-09-10'], 'how it was read');
});

test('exports of one phone decide the order of day and month together', async (t) => {
  const page = await t.open('/import');
  await give(page, 'files-input', [file('WhatsApp Chat with Mei Tan.txt', unclear)]);
  await settled(page);
  equal((await rows(page)).map((r) => r.status), ['question'], 'alone');
  const decided = [14, 15, 16].map((day) => `03/${day}/2025, 10:00 - ${day % 2 ? 'Omar Haddad' : 'Anna Berg'}: note ${day}\n`).join('');
  await give(page, 'files-input', [file('WhatsApp Chat with Anna Berg.txt', decided)]);
  await settled(page, 2);
  await until(page, 'WhatsApp Chat with Mei Tan.txt', 'done');
  const order = async () => (await answers(page)).ledger.sources.find((s) => s.name.includes('Mei')).date_order;
  equal(await order(), { basis: 'assumed', value: 'mdy', why: 'as in 1 other export of the same phone' }, 'how it was read');
  // What the person says goes before.
  await go(page, '/import');
  const mei = row(page, 'WhatsApp Chat with Mei Tan.txt');
  await mei.getByRole('button', { name: 'Ledger' }).click();
  await mei.getByRole('button', { name: 'Read it day first' }).click();
  await until(page, 'WhatsApp Chat with Mei Tan.txt', 'done');
  await settled(page, 2);
  equal((await order()).basis, 'stated', 'after the statement');
});

test('an unpacked export is one row, with the digest the command line gives', async (t) => {
  const said = (id, file) => ({ id, type: 'message', date: `2025-03-${two(id)}T10:00:00`, date_unixtime: String(1740823200 + id * 86400), from: 'Ada', from_id: 'user1', photo: `photos/${file}`, text: '' });
  file('unpacked/ChatExport_2025-03-20/result.json', JSON.stringify({ name: 'Ada', type: 'personal_chat', id: 1, messages: [said(1, 'here.jpg'), said(2, 'gone.jpg')] }));
  file('unpacked/ChatExport_2025-03-20/photos/here.jpg', 'a photo');
  file('unpacked/workspace/channels.json', JSON.stringify([{ id: 'C1', name: 'general', created: 1740000000, members: ['U1'] }]));
  file('unpacked/workspace/users.json', JSON.stringify([{ id: 'U1', name: 'ada', real_name: 'Ada' }]));
  file('unpacked/workspace/general/2025-03-03.json', JSON.stringify([{ type: 'message', user: 'U1', text: 'hello', ts: '1740996000.000100' }]));
  file('unpacked/WhatsApp Chat - Li/_chat.txt', clear(30));
  file('unpacked/WhatsApp Chat - Li/IMG-20250313-WA0001.jpg', 'a photo');
  file('unpacked/mail/one.eml', 'From: a@firm.example\nTo: b@firm.example\nDate: Mon, 3 Mar 2025 10:00:00 +0000\nMessage-ID: <1@x>\n\nhello\n');
  const page = await t.open('/import');
  await give(page, 'folder-input', join(scratch, 'unpacked'));
  await settled(page, 4);
  equal((await rows(page)).map((r) => [r.name, r.status]).sort(), [['ChatExport_2025-03-20', 'done'], ['WhatsApp Chat - Li', 'done'], ['one.eml', 'done'], ['workspace', 'done']], 'rows');
  const digests = (ledger) => ledger.sources.map((s) => [s.path, s.records, s.sha256]);
  const found = await answers(page);
  equal(digests(found.ledger), digests(JSON.parse(audit('import', 'unpacked', '--json', { cwd: scratch }))), 'paths, records and digests');
  check(found.ledger.sources.every((s) => /^[0-9a-f]{64}$/.test(s.sha256)), 'a digest is missing');
  equal(found.gaps.filter((g) => g.kind === 'file_lost').map((g) => g.class), ['A'], 'the photo that is not there');
});

test('the same file twice is counted once', async (t) => {
  const page = await t.open('/import');
  const content = clear(60);
  await give(page, 'files-input', [file('WhatsApp Chat with One.txt', content), file('copy/WhatsApp Chat with One.txt', content)]);
  await settled(page, 2);
  await page.getByText('Already loaded').waitFor();
  const found = await answers(page);
  equal(found.channels.by_channel.map((c) => [c.channel, c.messages]), [['whatsapp', 60]], 'messages by channel');
  equal([found.ledger.totals.records, found.ledger.totals.messages, found.ledger.totals.duplicates], [120, 60, 60], 'records, messages, duplicates');
});

test('overlapping exports are merged', async (t) => {
  const page = await t.open('/import');
  const lines = clear(80).trim().split('\n');
  await give(page, 'files-input', [file('early/WhatsApp Chat with Two.txt', `${lines.slice(0, 50).join('\n')}\n`), file('late/WhatsApp Chat with Two.txt', `${lines.slice(30).join('\n')}\n`)]);
  await settled(page, 2);
  const found = await answers(page);
  equal(found.channels.by_channel.map((c) => [c.channel, c.messages]), [['whatsapp', 80]], 'messages by channel');
});

test('a removed file is forgotten', async (t) => {
  const page = await t.open('/import');
  await give(page, 'files-input', [file('WhatsApp Chat with Stay.txt', clear(20)), file('WhatsApp Chat with Gone.txt', clear(33))]);
  await settled(page, 2);
  await row(page, 'WhatsApp Chat with Gone.txt').getByRole('button', { name: 'Remove' }).click();
  await row(page, 'WhatsApp Chat with Gone.txt').waitFor({ state: 'detached' });
  await settled(page, 1);
  const found = await answers(page);
  equal([found.ledger.totals.files, found.ledger.totals.messages], [1, 20], 'what is left');
});
