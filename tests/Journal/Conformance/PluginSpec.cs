using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.TestKit;
using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>What the rules need of a plugin: an ActorSystem for each test, and the journal's own protocol.</summary>
[Collection(JournalCollection.Name)]
public abstract class PluginSpec : Akka.TestKit.Xunit2.TestKit
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static int _ids;

    protected PluginSpec(PluginUnderTest plugin, ITestOutputHelper output)
        : base(plugin.Start("spec", Settings.WithFallback(DefaultConfig)), output)
    {
        Plugin = plugin;
        Materializer = ActorMaterializer.Create(Sys);
    }

    protected static Config Settings => ConfigurationFactory.ParseString(
        TestEventSerializer.Settings + EventAdapterSettings.Text
        + """
        akka.persistence.query.journal.sql {
          # Live queries look once a second by default, twice over.
          refresh-interval = 50ms
          journal-sequence-retrieval.query-delay = 50ms
        }
        """);

    protected PluginUnderTest Plugin { get; }

    protected ActorMaterializer Materializer { get; }

    protected IActorRef Journal => Persistence.Instance.Apply(Sys).JournalFor(null);

    protected IActorRef SnapshotStore => Persistence.Instance.Apply(Sys).SnapshotStoreFor(null);

    protected SqlReadJournal ReadJournal => PersistenceQuery.Get(Sys).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);

    /// <summary>An id that no other test uses.</summary>
    protected static string NewId(string prefix = "entity") => $"{prefix}-{Interlocked.Increment(ref _ids)}";

    protected static AtomicWrite Atomic(string id, long from, params object[] events) => new(events
        .Select((item, index) => (IPersistentRepresentation)new Persistent(item, from + index, id, sender: ActorRefs.NoSender))
        .ToImmutableList());

    /// <summary>Runs a rule; where the list says that this plugin does not keep it, the rule must fail, and as the list says.</summary>
    protected async Task RuleAsync(Func<Task> rule, [CallerMemberName] string name = "")
    {
        if (Deviations.Find(Plugin.Name, name) is not { } deviation)
        {
            await rule();
            return;
        }

        await deviation.AssertSeenAsync(rule);
        Output?.WriteLine($"{Plugin.Name} deviates: {deviation.Reason}");
    }

    /// <summary>Writes event by event, each a write of its own in one request; they must succeed.</summary>
    protected async Task WriteAsync(string id, long from, params object[] events)
    {
        var replies = await WriteAsync(events.Select((item, index) => Atomic(id, from + index, item)).ToArray());
        Assert.All(replies, reply => Assert.IsType<WriteMessageSuccess>(reply));
    }

    /// <summary>One request; the reply to each event, in order.</summary>
    protected async Task<List<object>> WriteAsync(params AtomicWrite[] writes)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages(writes, probe.Ref, 7), probe.Ref);
        var verdict = await probe.ExpectMsgAsync<object>(Patience);
        var replies = new List<object>();
        for (var i = 0; i < writes.Sum(write => write.Size); i++)
        {
            replies.Add(await probe.ExpectMsgAsync<object>(Patience));
        }

        if (verdict is WriteMessagesFailed)
        {
            Assert.All(replies, reply => Assert.IsType<WriteMessageFailure>(reply));
        }
        else
        {
            Assert.IsType<WriteMessagesSuccessful>(verdict);
        }

        return replies;
    }

    protected async Task<Replay> ReplayAsync(string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(from, to, max, id, probe.Ref), probe.Ref);
        var events = new List<IPersistentRepresentation>();
        while (true)
        {
            switch (await probe.ExpectMsgAsync<object>(Patience))
            {
                case ReplayedMessage replayed:
                    events.Add(replayed.Persistent);
                    break;
                case RecoverySuccess end:
                    return new Replay(events, end.HighestSequenceNr);
                case ReplayMessagesFailure failure:
                    throw new InvalidOperationException("The replay failed.", failure.Cause);
                case var other:
                    throw new InvalidOperationException($"Not an answer to a replay: {other}");
            }
        }
    }

    protected async Task DeleteToAsync(string id, long to)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new DeleteMessagesTo(id, to, probe.Ref), probe.Ref);
        Assert.Equal(to, (await probe.ExpectMsgAsync<DeleteMessagesSuccess>(Patience)).ToSequenceNr);
    }

    protected override void AfterAll()
    {
        Materializer.Dispose();
        base.AfterAll();
    }
}

/// <summary>What a replay brought.</summary>
public sealed record Replay(List<IPersistentRepresentation> Events, long Highest)
{
    public IEnumerable<long> Numbers => Events.Select(item => item.SequenceNr);

    public IEnumerable<string> Texts => Events.Select(item => ((Noted)item.Payload).Text);
}
