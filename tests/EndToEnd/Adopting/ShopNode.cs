using System.Diagnostics;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd.Adopting;

/// <summary>
/// A process of the shop, started by a line of the page, and started again when it ends by itself: the page asks for that, and a busy machine may
/// bring it about.
/// </summary>
internal sealed class ShopNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly ProcessStartInfo _start;
    private readonly HttpClient _http;
    private readonly StreamWriter _log;
    private Process _process;
    private bool _isOver;

    private ShopNode(ProcessStartInfo start, Uri address, string log)
    {
        _start = start;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        _log = new StreamWriter(log) { AutoFlush = true };
        _process = Run();
    }

    /// <param name="arguments">Of the program, with its ports as they are to be.</param>
    public static ShopNode Start(string program, string name, IReadOnlyList<string> arguments)
    {
        Directory.CreateDirectory(Repository.LogDirectory);
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        return new ShopNode(
            start, new Uri(arguments[arguments.ToList().IndexOf("--urls") + 1]), Path.Combine(Repository.LogDirectory, $"shop-{name}.log"));
    }

    /// <summary>What is in the cart; waits for an answer.</summary>
    public async Task<string> ShowAsync(string cart)
    {
        var text = "";
        await Eventually.Holds($"cart {cart} is shown", Patience, async () => (text = await TryAsync(() => _http.GetAsync($"/carts/{cart}"))!) is null
            ? "no answer"
            : null);
        return text;
    }

    /// <summary>What is in the cart then. A stock program does not know a repeated command: who has no answer looks before it repeats.</summary>
    public async Task<string> AddAsync(string cart, string item)
    {
        var text = "";
        await Eventually.Holds($"{item} is in cart {cart}", Patience, async () =>
        {
            text = await TryAsync(() => _http.PostAsync($"/carts/{cart}/{item}", null)) ?? await ShowAsync(cart);
            return text.Split(' ').Contains(item) ? null : text;
        });
        return text;
    }

    public void Kill()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        // Waits for the process, not for the end of its output: another that was started meanwhile may hold the pipe open.
        _process.Kill();
        Assert.True(_process.WaitForExit(Patience), "a killed process has not ended");
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _http.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private Process Run()
    {
        var process = new Process { StartInfo = _start, EnableRaisingEvents = true };
        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        process.Exited += RunAgain;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void RunAgain(object? ended, EventArgs none)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _process = Run();
            }
        }
    }

    /// <summary>Null: no answer, or one that says why there is none.</summary>
    private static async Task<string?> TryAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (Exception silence) when (silence is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            if (!_isOver)
            {
                _log.WriteLine(line.Data);
            }
        }
    }
}
