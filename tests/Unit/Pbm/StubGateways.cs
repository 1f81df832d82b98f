using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Real servers on free ports in front of one <see cref="StubCluster"/>.</summary>
public sealed class StubGateways : IAsyncDisposable
{
    private readonly List<WebApplication> _servers = [];
    private readonly ConcurrentQueue<StubRequest> _requests = [];
    private int _count;
    private int _inFlight;
    private int _mostInFlight;

    private StubGateways()
    {
    }

    public StubCluster Cluster { get; } = new();

    /// <summary>Asked for every request.</summary>
    public Func<StubRequest, StubFault> Fault { get; set; } = _ => StubFault.None;

    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>In the order of arrival.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public int MostInFlight => _mostInFlight;

    public static async Task<StubGateways> StartAsync(int count)
    {
        var stub = new StubGateways();
        var addresses = new List<Uri>();
        for (var i = 0; i < count; i++)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var server = builder.Build();
            var number = i;
            server.Run(context => stub.HandleAsync(number, context));
            await server.StartAsync();
            stub._servers.Add(server);
            addresses.Add(new Uri(((IApplicationBuilder)server).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single()));
        }

        stub.Addresses = addresses;
        return stub;
    }

    /// <summary>Ends one gateway for good.</summary>
    public async Task KillAsync(int gateway)
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        try
        {
            await _servers[gateway].StopAsync(atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // What was in flight is cut off: that is what a kill does.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task HandleAsync(int gateway, HttpContext context)
    {
        var most = Interlocked.Increment(ref _inFlight);
        InterlockedMax(ref _mostInFlight, most);
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var parts = context.Request.Path.Value!.Trim('/').Split('/');
            var request = new StubRequest(
                Interlocked.Increment(ref _count), gateway, context.Request.Method, $"{parts[0][..^1]}/{parts[1]}",
                parts.Length > 2 ? parts[2] : "", body,
                context.Request.Headers["Idempotency-Key"].FirstOrDefault(), context.Request.Headers["X-Acting-User"].FirstOrDefault());
            _requests.Enqueue(request);
            await AnswerAsync(context, request, Fault(request));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task AnswerAsync(HttpContext context, StubRequest request, StubFault fault)
    {
        switch (fault)
        {
            case StubFault.DropBefore:
                context.Abort();
                return;
            case StubFault.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case StubFault.Unavailable or StubFault.Overloaded:
                context.Response.StatusCode = fault == StubFault.Unavailable ? 503 : 429;
                context.Response.Headers.RetryAfter = "0";
                await context.Response.WriteAsync("""{"code":"shard/unavailable"}""");
                return;
            case StubFault.Internal:
                context.Response.StatusCode = 500;
                return;
        }

        var after = long.Parse(context.Request.Query["after"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        var limit = int.Parse(context.Request.Query["limit"].FirstOrDefault() ?? "100", CultureInfo.InvariantCulture);
        var (status, answer, replayed) = Cluster.Apply(request, after, limit);
        if (fault == StubFault.DropAfter)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (replayed)
        {
            context.Response.Headers["Idempotency-Replayed"] = "true";
        }

        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; seen < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
