using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>A management endpoint with canned answers by raw request target.</summary>
public sealed class StubManagement : IAsyncDisposable
{
    private readonly WebApplication _server;

    private StubManagement(WebApplication server) => _server = server;

    public Dictionary<string, string> Answers { get; } = [];

    public int Status { get; set; } = 200;

    /// <summary>Method, target and body of everything asked, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The header of everything asked, in order; empty where there was none.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    public string Address => new Uri(((IApplicationBuilder)_server).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public static async Task<StubManagement> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var stub = new StubManagement(builder.Build());
        stub._server.Run(stub.AnswerAsync);
        await stub._server.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var body = new StreamReader(context.Request.Body);
        Requests.Enqueue($"{context.Request.Method} {target} {context.Request.ContentType} {await body.ReadToEndAsync()}".TrimEnd());
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        var found = Answers.TryGetValue(target, out var answer);
        context.Response.StatusCode = found ? Status : 404;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer ?? """{"code":"request/no-such-route","detail":"nothing is here"}""");
    }
}
