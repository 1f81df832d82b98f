using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>nginx with the configuration that is shipped, on free ports, in front of one gateway on this machine.</summary>
public sealed class NginxProcess : IAsyncDisposable
{
    public const string Program = "nginx";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-nginx-");
    private Process? _process;

    private NginxProcess()
    {
    }

    public int Port { get; } = FreePorts.Take();

    public bool HasExited => _process is null or { HasExited: true };

    /// <param name="gatewayPort">Of the gateway on loopback that takes the place of the compose file's service.</param>
    /// <exception cref="InvalidOperationException">nginx is not installed.</exception>
    public static async Task<NginxProcess> StartAsync(int gatewayPort)
    {
        var nginx = new NginxProcess();
        try
        {
            await nginx.StartProcessAsync(gatewayPort);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task StartProcessAsync(int gatewayPort)
    {
        var program = InstalledProgram.Find(Program) ?? throw new InvalidOperationException(InstalledProgram.ReasonToSkip(Program));
        var configuration = Path.Combine(_directory.FullName, "nginx.conf");
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "nginx.conf"));
        await File.WriteAllTextAsync(configuration, shipped
            .Replace("gateway:8080", $"127.0.0.1:{gatewayPort}", StringComparison.Ordinal)
            .Replace("listen 8080", $"listen 127.0.0.1:{Port}", StringComparison.Ordinal)
            .Replace("127.0.0.1:8081", $"127.0.0.1:{FreePorts.Take()}", StringComparison.Ordinal)
            .Replace("worker_processes auto", "worker_processes 1", StringComparison.Ordinal)
            .Replace("/tmp/nginx", $"{_directory.FullName}/nginx", StringComparison.Ordinal));
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            // The workers of a root nginx run as another user, who keeps request bodies here.
            File.SetUnixFileMode(_directory.FullName, (UnixFileMode)0b111_101_101);
        }

        var check = await ProgramRun.ExecuteAsync(program, ["-t", "-c", configuration, "-p", _directory.FullName], Bound);
        Assert.True(check.ExitCode == 0, check.ToString());
        _process = Process.Start(new ProcessStartInfo(program, ["-c", configuration, "-p", _directory.FullName, "-g", "daemon off;"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.Holds($"nginx listens on {Port}", Bound, async () =>
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return null;
            }
            catch (SocketException e)
            {
                return e.Message;
            }
        });
    }
}
