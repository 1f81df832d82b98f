namespace AkkaScale.Node.Host;

/// <summary>"healthcheck [url]": exit code 0 if the url answers with success within two seconds, else 1. For images without curl.</summary>
internal static class Healthcheck
{
    private const string DefaultUrl = "http://127.0.0.1:8558/alive";

    public static async Task<int> RunAsync(string[] args)
    {
        var url = args.Length > 1 ? args[1] : DefaultUrl;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await http.GetAsync(url);
            Console.WriteLine($"{url}: {(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException or UriFormatException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{url}: {unreachable.Message}");
            return 1;
        }
    }
}
