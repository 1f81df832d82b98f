using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Hosting;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Journal.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>
/// A process of a cluster, as far as the journal is concerned: an ActorSystem with the fenced journal and a book of leases. An id's
/// lease is what stands before its slash; an id without one is unfenced.
/// </summary>
internal sealed class FencedNode : IAsyncDisposable
{
    private readonly IHost _host;

    private FencedNode(IHost host, LeaseBook book)
    {
        (_host, Book) = (host, book);
        System = host.Services.GetRequiredService<ActorSystem>();
    }

    public LeaseBook Book { get; }

    public ActorSystem System { get; }

    public IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(System).JournalFor(null);

    public FencedJournal Figures => FencedJournals.For(System).Get("akka.persistence.journal.sql");

    public static async Task<FencedNode> StartAsync(
        StoreKind store,
        string connectionString,
        string owner = "node-a",
        Action<FencedJournalOptions>? more = null,
        Config? settings = null)
    {
        var book = new LeaseBook(owner);
        var options = new FencedJournalOptions
        {
            Store = store,
            ConnectionString = connectionString,
            Leases = book,
            LeaseOf = LeaseOf,
            Cluster = LeaseTable.Cluster,
        };
        more?.Invoke(options);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        settings ??= ConfigurationFactory.ParseString(TestEventSerializer.Settings);
        builder.Services.AddAkka(owner, akka => akka
            .WithFencedSqlJournal(options)
            .AddHocon(settings.WithFallback(Quiet), HoconAddMode.Prepend));
        var host = builder.Build();
        await Task.Run(() => host.StartAsync());
        return new FencedNode(host, book);
    }

    public static string? LeaseOf(string persistenceId) =>
        persistenceId.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? persistenceId[..slash] : null;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static Config Quiet => ConfigurationFactory.ParseString("akka.loglevel = WARNING");
}
