using Akka.Actor;
using Akka.Hosting;
using AkkaScale.Cluster.Leases;
using AkkaScale.Journal;
using AkkaScale.Journal.Hosting;
using AkkaScale.Journal.Options;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>A real host with the fenced journal, whose book of leases the test fills.</summary>
internal sealed class JournalHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;

    private JournalHost(IHost host, LeaseBook book) => (_host, Book) = (host, book);

    public LeaseBook Book { get; }

    public ActorSystem System => (ActorSystem)_host.Services.GetService(typeof(ActorSystem))!;

    public FencedJournal Journal => FencedJournals.For(System).Get("akka.persistence.journal.sql");

    /// <summary>Ids with a # need the lease before it.</summary>
    public static async Task<JournalHost> StartAsync(Action<FencedJournalOptions> configure, string owner = "me")
    {
        var book = new LeaseBook(owner);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAkka("smoke", akka => akka
            .WithFencedSqlJournal(options =>
            {
                options.Leases = book;
                options.LeaseOf = id => id.Contains('#', StringComparison.Ordinal) ? id[..id.IndexOf('#', StringComparison.Ordinal)] : null;
                configure(options);
            })
            .AddHocon("akka.loglevel = WARNING", HoconAddMode.Prepend));
        var host = builder.Build();
        await host.StartAsync();
        return new JournalHost(host, book);
    }

    public IActorRef Start(string persistenceId) => System.ActorOf(Entity.Props(persistenceId));

    public static Task<string> AskAsync(IActorRef entity, string message) => entity.Ask<string>(message, Patience);

    /// <summary>Completes when the actor has ended.</summary>
    public Task EndOf(IActorRef actor)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        System.ActorOf(Props.Create(() => new Watcher(actor, ended)));
        return ended.Task;
    }

    public async Task StopAsync(IActorRef entity) => await entity.GracefulStop(Patience);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
