using System.Text.Json;

namespace AkkaScale.Tests.Console;

/// <summary>Modules of the page by themselves, in the browser that runs them.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ModuleTests(Browser browser, QuietCluster cluster)
{
    [ChromiumTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Events_are_read_however_the_stream_is_cut(int piece)
    {
        var read = await RunAsync<string[]>(
            "events.js",
            """
            ({ EventParser }, piece) => {
              const text = ': a comment\n\nid: 1\nevent: ShardHomeChanged\ndata: {"shard":1,\ndata: "to":"node-1"}\n\nevent: MemberUp\r\ndata: {"shard":2}\r\n\r\nevent: Empty\n\ndata:{"shard":3}\n\ndata: {"shard":4}\n';
              const seen = [];
              const parser = new EventParser(({ type, data }) => seen.push(`${type} ${data.shard} ${data.to ?? ''}`));
              for (let at = 0; at < text.length; at += piece) parser.push(text.slice(at, at + piece));
              return seen;
            }
            """, piece);
        Assert.Equal(["ShardHomeChanged 1 node-1", "MemberUp 2 ", " 3 "], read);
    }

    [ChromiumFact]
    public async Task What_moves_together_is_one_line_and_events_ask_for_a_new_reading()
    {
        var seen = await RunAsync<string[]>(
            "model.js",
            """
            ({ ClusterModel }) => {
              const model = new ClusterModel(), seen = [];
              const read = (a, b, c) => model.takeShards({ entityTypeKeys: [], regions: [], shards: [
                { region: 'task', shard: 0, owner: a, epoch: 1 }, { region: 'task', shard: 1, owner: b, epoch: 1 }, { region: 'user', shard: 0, owner: c, epoch: 1 }] });
              read('a', 'a', 'a');
              read('b', 'a', 'a');
              seen.push(String(model.takeEvent({ type: 'ShardHomeChanged', data: { type: 'ShardHomeChanged', region: 'task', shard: 1, from: 'a', to: 'b' } })));
              seen.push(model.shards.get('task/1').owner);
              read('b', 'b', 'b');
              seen.push(...model.log.map(entry => `${entry.region}/${entry.shards}: ${entry.from} to ${entry.to}`));
              seen.push(String(model.takeEvent({ type: 'Overflow', data: {} })));
              return seen;
            }
            """, 0);
        Assert.Equal(["false", "a", "user/0: a to b", "task/0,1: a to b", "false"], seen);
    }

    [ChromiumFact]
    public async Task An_event_tells_less_of_a_member_than_an_answer_and_takes_nothing_away()
    {
        var seen = await RunAsync<string[]>(
            "model.js",
            """
            ({ ClusterModel }) => {
              const model = new ClusterModel(), seen = [];
              const tell = () => seen.push(model.members.map(member => `${member.name} ${member.status} ${member.shards}`).join(', '));
              model.takeMembers({ selfNode: 'x1', leader: 'x1', members: [{ node: 'x1', nodeUid: '1', name: 'n1', status: 'Up', shards: 7 }], unreachable: [] });
              model.takeEvent({ type: 'MemberJoined', data: { type: 'MemberJoined', member: { node: 'x2', nodeUid: null, name: 'x2', status: 'Joining' } } });
              tell();
              model.takeEvent({ type: 'MemberLeft', data: { type: 'MemberLeft', member: { node: 'x1', nodeUid: '1', name: 'n1', status: 'Leaving' } } });
              tell();
              model.takeEvent({ type: 'UnreachableMember', data: { type: 'UnreachableMember', member: { node: 'x1', nodeUid: '1', name: 'n1', status: 'Leaving' } } });
              seen.push([...model.unreachable].join());
              model.takeEvent({ type: 'MemberRemoved', data: { type: 'MemberRemoved', member: { node: 'x1', nodeUid: '1', name: 'n1', status: 'Removed' } } });
              seen.push(`${model.members.length} ${model.unreachable.size}`);
              return seen;
            }
            """, 0);
        Assert.Equal(["n1 Up 7", "n1 Leaving 7", "x1", "0 0"], seen);
    }

    [ChromiumFact]
    public async Task What_an_owner_does_not_tell_is_unknown_and_not_none()
    {
        var words = await RunAsync<string[]>(
            "residents.js",
            """
            ({ residentsText, residentText }) => {
              const told = { owner: 'a', entities: 3 }, silent = { owner: 'b', entities: null }, idle = { owner: null, entities: null };
              return [residentsText([told, silent, idle]), residentsText([silent, idle]), residentsText([told, idle]), residentsText([idle]), residentText(silent), residentText(idle), residentText(told)];
            }
            """, 0);
        Assert.Equal(["at least 3", "not known", "3", "0", "not known", "–", "3"], words);
    }

    [ChromiumFact]
    public async Task Decisions_are_joined_into_moves()
    {
        var seen = await RunAsync<string[]>(
            "moves.js",
            """
            ({ MoveLog }) => {
              const log = new MoveLog(), seen = [];
              let nr = 0;
              const take = (kind, shard, from, to, numbers = {}) => log.take({ nr: ++nr, at: '2026-01-01T00:00:00Z', region: 'task', shard, kind, from, to, reason: 'r', numbers });
              take('home', 0, null, 'a');
              take('move', 1, 'a', 'b');
              take('move', 2, 'a', 'b');
              take('home', 1, 'a', 'b', { handOverSeconds: 0.5 });
              take('home', 2, 'a', 'c', { handOverSeconds: 1 });
              take('move', 3, 'a', 'b');
              take('move', 3, 'a', 'c');
              take('gaveUp', 3, 'a', 'c');
              take('move', 4, 'a', 'b');
              take('arrived', 1, 'a', 'b');
              seen.push(...log.moves.map(move => `${move.name} ${move.from} ${move.to} ${move.state} ${move.seconds}`), ...log.endings.map(ending => `${ending.kind} ${ending.name}`));
              seen.push(String(log.openOf('task/4')?.to), String(log.openOf('task/3')));
              return seen;
            }
            """, 0);
        Assert.Equal(
            [
                "task/4 a b moving null", "task/3 a c gaveUp null", "task/3 a b replaced null", "task/2 a b elsewhere 1", "task/1 a b there 0.5", "task/0 null a there null",
                "arrived task/1", "gaveUp task/3", "b", "undefined",
            ],
            seen);
    }

    [ChromiumFact]
    public async Task Numbers_and_spans_carry_their_units()
    {
        var words = await RunAsync<string[]>(
            "format.js",
            """
            ({ span, bytes, number, ranges, rate, none }) =>
              [span(0.0000123), span(0.0123), span(1.5), span(600), span(null), bytes(1536), number(1234567), ranges([4, 1, 2, 3, 7]), rate(0.25), none]
            """, 0);
        Assert.Equal(["12.3 µs", "12.3 ms", "1.5 s", "10 min", "–", "1.5 KiB", "1.23M", "1–4, 7", "0.3/s", "–"], words);
    }

    [ChromiumFact]
    public async Task Nothing_that_is_written_into_the_page_is_read_as_markup()
    {
        var text = await RunAsync<string>(
            "dom.js",
            "({ h }, hostile) => { const element = h('div', { title: hostile, data: { x: hostile } }, hostile, [hostile, null, false]); document.body.append(element); return `${element.children.length} ${element.textContent}`; }",
            QuietCluster.Hostile);
        var shown = QuietCluster.Hostile.Replace("\u202e", "\\u202e", StringComparison.Ordinal);
        Assert.Equal($"0 {shown}{shown}", text);
    }

    private async Task<T> RunAsync<T>(string module, string function, object argument)
    {
        await using var page = await browser.OpenAsync(cluster.Management);
        return JsonSerializer.Deserialize<T>(await page.Tab.EvaluateAsync<string>(
            $"async argument => JSON.stringify(({function})(await import('/console/{module}'), argument))", argument))!;
    }
}
