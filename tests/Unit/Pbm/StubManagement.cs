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

    private Task AnswerAsync(HttpContext context)
    {
        var found = Answers.TryGetValue(context.Features.Get<IHttpRequestFeature>()!.RawTarget, out var answer);
        context.Response.StatusCode = found ? Status : 404;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer ?? """{"code":"request/no-such-route","detail":"nothing is here"}""");
    }
}
