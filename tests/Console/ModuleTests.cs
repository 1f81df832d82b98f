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
              const text = ': a comment\n\nid: 1\nevent: ShardOwnerChanged\ndata: {"shard":1,\ndata: "to":"node-1"}\n\nevent: MemberUp\r\ndata: {"shard":2}\r\n\r\nevent: Empty\n\ndata:{"shard":3}\n\ndata: {"shard":4}\n';
              const seen = [];
              const parser = new EventParser(({ type, data }) => seen.push(`${type} ${data.shard} ${data.to ?? ''}`));
              for (let at = 0; at < text.length; at += piece) parser.push(text.slice(at, at + piece));
              return seen;
            }
            """, piece);
        Assert.Equal(["ShardOwnerChanged 1 node-1", "MemberUp 2 ", " 3 "], read);
    }

    [ChromiumFact]
    public async Task An_answer_older_than_an_event_changes_nothing()
    {
        var seen = await RunAsync<string[]>(
            "model.js",
            """
            ({ ClusterModel }) => {
              const model = new ClusterModel(), seen = [];
              const shard = (owner, epoch) => ({ entityTypeKeys: [], shards: [{ shard: 0, owner, epoch, acquiredBy: 'handoff/x-1' }] });
              model.takeShards(shard('a', 1));
              model.takeEvent({ type: 'ShardOwnerChanged', data: { type: 'ShardOwnerChanged', shard: 0, from: 'a', to: 'b', toUid: 'B', epoch: 2, acquiredBy: 'handoff/x-2' } });
              seen.push(model.shards[0].owner);
              model.takeShards(shard('a', 1));
              seen.push(model.shards[0].owner);
              model.takeEvent({ type: 'ShardOwnerChanged', data: { type: 'ShardOwnerChanged', shard: 0, from: 'x', to: 'a', epoch: 1, acquiredBy: 'first' } });
              seen.push(model.shards[0].owner, String(model.log.length));
              seen.push(String(model.takeEvent({ type: 'Overflow', data: {} })));
              return seen;
            }
            """, 0);
        Assert.Equal(["b", "b", "b", "1", "false"], seen);
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
