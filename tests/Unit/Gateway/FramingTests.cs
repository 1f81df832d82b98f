namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>Requests that two servers in a row could cut differently: each is refused, and the connection with it.</summary>
public sealed class FramingTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private const string Next = "GET /users/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    public static TheoryData<string> Ambiguous =>
    [
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: 2, 2\r\n\r\n{}",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 0x2\r\n\r\n{}",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Content-Length : 2\r\n\r\n{}",
        "X-Folded: a\r\n b\r\n\r\n",
        " X-Leading: a\r\n\r\n",
        "X-Nul: a\0b\r\n\r\n",
        "No colon\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task It_is_400_and_the_connection_closes(string rest)
    {
        var asked = host.Entities.Asked.Count;
        await using var connection = await RawConnection.OpenAsync(host);
        await connection.SendAsync($"POST /tasks/t/start HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nX-Acting-User: ann\r\nContent-Type: application/json\r\n{rest}{Next}");
        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        await connection.ExpectClosedAsync();
        Assert.Equal(asked, host.Entities.Asked.Count);
    }

    [Fact]
    public async Task Lines_that_end_in_LF_alone_are_refused()
    {
        await using var connection = await RawConnection.OpenAsync(host);
        await connection.SendAsync("GET /users/u HTTP/1.1\nHost: x\n\n");
        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        await connection.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_body_that_ends_too_early_reaches_no_entity()
    {
        var asked = host.Entities.Asked.Count;
        await using (var connection = await RawConnection.OpenAsync(host))
        {
            await connection.SendAsync(
                $"POST /users HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nX-Acting-User: ann\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"name\":\"Bo\"}}");
        }

        // The server is alive, and what it was given is not done.
        (await host.GetAsync("/users/after")).ExpectProblem(404, "user/not-found");
        Assert.Equal(asked + 1, host.Entities.Asked.Count);
    }

    [Fact]
    public async Task A_connection_serves_one_request_after_another()
    {
        await using var connection = await RawConnection.OpenAsync(host);
        var get = $"GET /users/u HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\n\r\n";
        await connection.SendAsync(get + get);
        (await connection.ReceiveAsync()).ExpectProblem(404, "user/not-found");
        (await connection.ReceiveAsync()).ExpectProblem(404, "user/not-found");
    }

    [Fact]
    public async Task Headers_over_their_limits_are_refused()
    {
        await using var connection = await RawConnection.OpenAsync(host);
        await connection.SendAsync($"GET /users/u HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 20_000)}\r\n\r\n");
        Assert.Equal(431, (await connection.ReceiveAsync()).Status);
        await connection.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_target_over_its_limit_is_refused()
    {
        await using var connection = await RawConnection.OpenAsync(host);
        await connection.SendAsync($"GET /users/{new string('a', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(414, (await connection.ReceiveAsync()).Status);
        await connection.ExpectClosedAsync();
    }
}
