using System.Diagnostics.Metrics;
using AkkaScale.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>What entities' replies are in HTTP, and what becomes of faults.</summary>
public sealed class ReplyTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(ReplyStatus.Refused, "task/already-done", 409)]
    [InlineData(ReplyStatus.Refused, "task/deleted", 410)]
    [InlineData(ReplyStatus.Refused, "task/not-found", 404)]
    [InlineData(ReplyStatus.Refused, "request/title", 400)]
    [InlineData(ReplyStatus.Refused, "entity/unreadable", 500)]
    [InlineData(ReplyStatus.VersionMismatch, "version/mismatch", 412)]
    [InlineData(ReplyStatus.PayloadDiffers, "idempotency/payload-differs", 409)]
    [InlineData(ReplyStatus.Overloaded, "overloaded", 429)]
    [InlineData(ReplyStatus.ShardUnavailable, "shard/unavailable", 503)]
    [InlineData(ReplyStatus.StoreUnavailable, "store/unavailable", 503)]
    [InlineData(ReplyStatus.DeadlineExceeded, "deadline", 504)]
    public async Task Every_reply_has_its_status(ReplyStatus status, string code, int http)
    {
        // The client may leave the code of a status of its own empty.
        foreach (var given in status == ReplyStatus.Refused ? [code] : new[] { code, "" })
        {
            _host.Entities.Instead = _ => new(status, given, "", -1, false, false, null);
            foreach (var answer in new[] { await _host.ChangeAsync("POST", "/tasks/t/start"), await _host.GetAsync("/tasks/t"), await _host.GetAsync("/tasks/t/comments") })
            {
                answer.ExpectProblem(http, code);
                Assert.Null(answer.ETag);
                Assert.False(answer.Json.TryGetProperty("version", out _));
                Assert.Equal(http is 429 or 503 ? "1" : null, answer.Header("Retry-After"));
            }
        }
    }

    [Fact]
    public async Task The_version_of_an_entity_that_answered_is_told()
    {
        _host.Entities.Instead = _ => new(ReplyStatus.Overloaded, "", "", 12, false, false, null);
        var answer = (await _host.GetAsync("/tasks/t")).ExpectProblem(429, "overloaded");
        Assert.Equal((12, "\"12\""), (answer.Version, answer.ETag));
    }

    [Fact]
    public async Task A_fault_is_500_without_its_text_and_the_next_request_is_served()
    {
        _host.Entities.Instead = _ => throw new InvalidOperationException("secret");
        var answer = (await _host.GetAsync("/tasks/t")).ExpectProblem(500, "internal");
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        _host.Entities.Instead = null;
        (await _host.GetAsync("/tasks/t")).ExpectProblem(404, "task/not-found");
    }

    [Fact]
    public async Task Comments_are_unavailable_while_the_store_is()
    {
        var task = await _host.NewTaskAsync();
        _host.Entities.BeforeHistory = _ => throw new TimeoutException("down");
        Assert.Equal("1", (await _host.GetAsync($"/tasks/{task}/comments")).ExpectProblem(503, "store/unavailable").Header("Retry-After"));
    }

    [Fact]
    public async Task Comments_that_take_too_long_are_given_up()
    {
        var task = await _host.NewTaskAsync();
        _host.Entities.BeforeHistory = cancelled => Task.Delay(Timeout.Infinite, cancelled);
        (await _host.GetAsync($"/tasks/{task}/comments", ("Prefer", "wait=1"))).ExpectProblem(504, "deadline");
    }

    [Fact]
    public async Task A_page_shows_nothing_beyond_the_version_that_was_read()
    {
        var task = await _host.NewTaskAsync();
        (await CommentAsync(task)).Expect(200);

        // Another comment comes between the read of the task and that of its comments.
        _host.Entities.BeforeHistory = async _ =>
        {
            _host.Entities.BeforeHistory = _ => Task.CompletedTask;
            (await CommentAsync(task)).Expect(200);
        };
        foreach (var limit in new[] { 1, 2 })
        {
            var before = _host.Entities.VersionOf("task", task);
            var page = (await _host.GetAsync($"/tasks/{task}/comments?limit={limit}")).Expect(200);
            Assert.Equal($"\"{before}\"", page.ETag);
            Assert.All(page.Json.GetProperty("items").EnumerateArray(), item => Assert.InRange(item.GetProperty("version").GetInt64(), 2, before));
            if (limit == 1)
            {
                Assert.Equal(System.Text.Json.JsonValueKind.Null, page.Json.GetProperty("next").ValueKind);
            }
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_the_server_alive()
    {
        var reached = new TaskCompletionSource();
        _host.Entities.BeforeHistory = async cancelled =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, cancelled);
        };
        var task = await _host.NewTaskAsync();
        using var codes = new CodeListener(_host);
        await using (var connection = await RawConnection.OpenAsync(_host))
        {
            await connection.SendAsync($"GET /tasks/{task}/comments HTTP/1.1\r\nHost: x\r\n\r\n");
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await codes.WaitForAsync("/tasks/{id}/comments", "cancelled");
        (await _host.GetAsync($"/tasks/{task}")).Expect(200);
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_code_and_not_by_what_clients_make_up()
    {
        using var codes = new CodeListener(_host);
        (await _host.GetAsync("/tasks/one")).Expect(404);
        (await _host.GetAsync("/made/up/by/a/client")).Expect(404);
        (await _host.SendAsync("BREW", "/tasks/one", null)).Expect(405);
        await codes.WaitForAsync("/tasks/{id}", "task/not-found");
        await codes.WaitForAsync("none", "request/no-such-route");
        await codes.WaitForAsync("/tasks/{id}", "request/method");
        Assert.DoesNotContain(codes.Methods, method => method == "BREW");
    }

    private Task<HttpAnswer> CommentAsync(string task) => _host.ChangeAsync("POST", $"/tasks/{task}/comment", """{"text":"Hm"}""");

    /// <summary>Collects what the gateway's meter counts.</summary>
    private sealed class CodeListener : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Route, string Code, string Method)> _seen = [];

        public CodeListener(GatewayHost host)
        {
            var meters = host.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "AkkaScale.Gateway" && ReferenceEquals(instrument.Meter.Scope, meters) && instrument is Counter<long>)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            {
                var byName = tags.ToArray().ToDictionary(tag => tag.Key, tag => $"{tag.Value}");
                lock (_seen)
                {
                    _seen.Add((byName["route"], byName["code"], byName["method"]));
                }
            });
            _listener.Start();
        }

        public IEnumerable<string> Methods
        {
            get
            {
                lock (_seen)
                {
                    return [.. _seen.Select(seen => seen.Method)];
                }
            }
        }

        public async Task WaitForAsync(string route, string code)
        {
            for (var i = 0; i < 3000; i++)
            {
                lock (_seen)
                {
                    if (_seen.Any(seen => seen.Route == route && seen.Code == code))
                    {
                        return;
                    }
                }

                await Task.Delay(10);
            }

            Assert.Fail($"No request was counted on {route} with code {code}.");
        }

        public void Dispose() => _listener.Dispose();
    }
}
