using AkkaScale.Cluster.Audit;
using AkkaScale.Management.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AkkaScale.Tests.Unit.Access;

/// <summary>What the gate in front of the management port writes down, and what it does where nothing can be written.</summary>
public sealed class AuditGateTests
{
    private readonly FakeAuditSession _audit = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _log = new();

    [Fact]
    public async Task What_has_no_row_is_not_carried_out()
    {
        _audit.TakesRows = false;
        var isCarriedOut = false;
        var context = await SendAsync("POST", _ => isCarriedOut = true);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Contains("access/no-audit", Body(context), StringComparison.Ordinal);
        Assert.Contains("The disk is full.", Body(context), StringComparison.Ordinal);
        Assert.False(isCarriedOut);

        _audit.TakesRows = true;
        Assert.Equal(200, (await SendAsync("POST", _ => isCarriedOut = true)).Response.StatusCode);
        Assert.True(isCarriedOut);
    }

    [Fact]
    public async Task A_node_that_has_not_reached_its_database_carries_nothing_out()
    {
        var context = await SendAsync("POST", _ => Assert.Fail("It was carried out."), trail: Trail(() => null));
        Assert.Equal(503, context.Response.StatusCode);
    }

    [Fact]
    public async Task The_row_stands_before_the_change_and_its_outcome_before_the_answer()
    {
        const string Begun = "begin POST /shards/task/3/move anonymous Unknown";
        const string Finished = "finish 409 Failed by jo: it hums";
        await SendAsync("POST", context =>
        {
            Assert.Equal([Begun], _audit.Written);
            context.Features.Get<AuditNote>()!.Say(by: "jo", why: "it hums");
            context.Response.StatusCode = 409;
            context.Features.Get<StartingResponse>()!.Start();
            Assert.Equal([Begun, Finished], _audit.Written);
        });
        Assert.Equal([Begun, Finished], _audit.Written);
    }

    [Fact]
    public async Task A_fault_is_written_down_as_one()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => SendAsync("DELETE", _ => throw new InvalidDataException("broken")));
        Assert.Equal("finish 500 Failed by : ", _audit.Written[^1]);
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_written_takes_nobodys_answer_away()
    {
        _audit.TakesOutcomes = false;
        var context = await SendAsync("POST", _ => { });
        Assert.Equal(200, context.Response.StatusCode);
        Assert.Contains("stays without its outcome", Assert.Single(_log.All), StringComparison.Ordinal);
        Assert.Equal(AuditOutcome.Unknown, Assert.Single(_audit.Rows).Outcome);
    }

    [Fact]
    public async Task Reading_leaves_no_row()
    {
        Assert.Equal(200, (await SendAsync("GET", _ => { })).Response.StatusCode);
        Assert.Empty(_audit.Written);
    }

    [Fact]
    public async Task Denied_calls_have_rows_as_long_as_they_are_not_too_many()
    {
        var trail = Trail(_audit.Table);
        for (var call = 0; call < 100; call++)
        {
            var context = await SendAsync("POST", _ => Assert.Fail("It was let in."), AccessRole.Viewer, trail);
            Assert.Equal(401, context.Response.StatusCode);
        }

        Assert.Equal(20, _audit.Rows.Count);
        Assert.All(_audit.Rows, row => Assert.Equal((AuditOutcome.Denied, "access/token-needed", 401), (row.Outcome, row.Why, row.Status)));

        _time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync("POST", _ => { }, AccessRole.Viewer, trail);
        Assert.Equal("access/token-needed; 80 more denied calls came before it, which have no row", _audit.Rows[20].Why);
    }

    private AuditTrail Trail(Func<AuditTable?> table) => new(table, "node-1", _time, _log);

    private async Task<HttpContext> SendAsync(
        string method, Action<HttpContext> carryOut, AccessRole anonymous = AccessRole.Operator, AuditTrail? trail = null)
    {
        var features = new FeatureCollection();
        var response = new StartingResponse();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { RawTarget = "/shards/task/3/move?x=y" });
        features.Set<IHttpResponseFeature>(response);
        features.Set(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext(features) { RequestServices = services };
        context.Request.Method = method;
        context.Request.Host = new HostString("127.0.0.1", 8558);
        var gate = new AccessGate(
            each =>
            {
                carryOut(each);
                return Task.CompletedTask;
            },
            new AccessPolicy(new AccessTokens([]), anonymous),
            trail ?? Trail(_audit.Table));
        await gate.InvokeAsync(context);
        return context;
    }

    private static string Body(HttpContext context)
    {
        context.Response.Body.Position = 0;
        return new StreamReader(context.Response.Body).ReadToEnd();
    }

    /// <summary>Does before an answer begins what a server does then.</summary>
    private sealed class StartingResponse : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _starting = [];

        public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

        public void Start()
        {
            while (_starting.TryPop(out var each))
            {
                each.Callback(each.State).GetAwaiter().GetResult();
            }
        }
    }

    private sealed class Lines : ILogger<AuditTrail>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
